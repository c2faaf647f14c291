using System.Net;
using EventFlux.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EventFlux.Tests.Storage.OrleansTables;

/// <summary>A whole silo on an empty, freshly migrated database: it joins, leaves, and comes back.</summary>
public sealed class SiloStartTests(OrleansDatabase database) : IClassFixture<OrleansDatabase>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_EmptySchema_JoinsLeavesAndJoinsAgainAsANewGeneration()
    {
        var id = $"test-{Guid.NewGuid():N}";
        var port = FreePorts.Next();

        Assert.Equal([SiloStatus.Active], await RunOnceAsync(id, port));
        Assert.Equal([SiloStatus.Dead], await ReadStatusesAsync(id));
        Assert.Equal([SiloStatus.Active, SiloStatus.Dead], await RunOnceAsync(id, port));
    }

    private async Task<List<SiloStatus>> RunOnceAsync(string id, int port)
    {
        using var silo = new HostBuilder()
            .UseOrleans(builder =>
            {
                OrleansProviders.AddProviders(builder, database.DataSource, id, deleteStateOnClear: true);
                // No gateway: nothing outside the silo calls it.
                builder.ConfigureEndpoints(IPAddress.Loopback, port, gatewayPort: 0);
            })
            .Build();
        await silo.StartAsync(Cancellation);
        var whileRunning = await ReadStatusesAsync(id);
        // The whole way through the reminder provider: an answer at all means that its range queries ran.
        var reminders = silo.Services.GetRequiredService<IReminderTable>();
        Assert.Empty((await reminders.ReadRows(0, 0, Cancellation)).Reminders);
        await silo.StopAsync(Cancellation);
        return whileRunning;
    }

    private async Task<List<SiloStatus>> ReadStatusesAsync(string id)
    {
        await using var command = database.DataSource.CreateCommand(
            "select status from orleans_silos where deploymentid = @id order by status");
        command.Parameters.AddWithValue("id", id);
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var statuses = new List<SiloStatus>();
        while (await reader.ReadAsync(Cancellation))
            statuses.Add((SiloStatus)reader.GetInt32(0));
        return statuses;
    }
}
