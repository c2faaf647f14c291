using EventFlux.Tests.Fixtures;
using Npgsql;

namespace EventFlux.Tests.Api;

/// <summary>No request is under way for ever.</summary>
public sealed class RequestTimeLimitTests(BriefRequestFixture api) : IClassFixture<BriefRequestFixture>
{
    [Fact]
    public async Task Read_PastTheTimeLimit_IsGivenUp()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var connection = await api.Database.DataSource.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var block = new NpgsqlCommand("LOCK TABLE bookings IN ACCESS EXCLUSIVE MODE", connection);
        await block.ExecuteNonQueryAsync(cancellation);

        var asked = TimeProvider.System.GetTimestamp();
        var answer = (await api.NewUser().GetAsync("/api/bookings")).IsRefusal(503, "SERVICE_UNAVAILABLE");

        // The database's own limit would end it after 15 seconds.
        Assert.True(TimeProvider.System.GetElapsedTime(asked) < TimeSpan.FromSeconds(10));
        Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter?.Delta);
        Assert.True(answer.Headers.CacheControl is { NoStore: true });
    }
}

/// <summary>A silo that gives a request one second.</summary>
public sealed class BriefRequestFixture(PostgresServer server) : ApiFixture(server)
{
    protected override TimeSpan RequestTimeout => TimeSpan.FromSeconds(1);
}
