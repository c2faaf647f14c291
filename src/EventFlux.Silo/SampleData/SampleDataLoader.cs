using System.Security.Cryptography;
using EventFlux.Contracts.Bookings;
using EventFlux.Contracts.Events;
using EventFlux.Contracts.Users;
using EventFlux.Grains.Storage;
using EventFlux.Grains.Users;
using EventFlux.Silo.Hosting;

namespace EventFlux.Silo.SampleData;

/// <summary>
/// In Development, fills an empty database with something to look at: two accounts and a season of events, made through
/// the grains as anybody would make them. A database with events of its own is left alone. Any number of silos may
/// start at once: ids and addresses are fixed, so everything is made once.
/// </summary>
internal sealed class SampleDataLoader(
    SiloOptions options, StartupText startup, Accounts accounts, UserQueries users, EventQueries events,
    IGrainFactory grains, TimeProvider time) : IHostedService
{
    private const string AdminEmail = "admin@eventflux.example";
    private const string UserEmail = "user@eventflux.example";
    private const string PasswordAlphabet = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private const int PasswordLength = 16;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var ids = SampleEvents.All.Select(sample => sample.Id).ToArray();
        var missing = await events.FindMissingAsync(ids, cancellationToken);
        if (missing is not { Count: > 0 }) return;

        if (options.AdminEmail is null) await EnsureAccountAsync(AdminEmail, UserRole.Admin, cancellationToken);
        await EnsureAccountAsync(UserEmail, UserRole.User, cancellationToken);
        var creator = await users.FindIdByEmailAsync(options.AdminEmail ?? AdminEmail, cancellationToken) ?? Guid.Empty;
        foreach (var sample in SampleEvents.All.Where(sample => missing.Contains(sample.Id)))
            await CreateAsync(sample, creator);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task EnsureAccountAsync(string email, UserRole role, CancellationToken cancellationToken)
    {
        var password = RandomNumberGenerator.GetString(PasswordAlphabet, PasswordLength);
        var account = new RegisterUser(email, password, "Sample", role.ToString(), role);
        if (await accounts.EnsureAsync(account, cancellationToken) is not null)
            startup.Announce(new(role.ToText(), email, password));
    }

    private async Task CreateAsync(SampleEvent sample, Guid creator)
    {
        var grain = grains.GetGrain<IEventGrain>(sample.Id);
        var details = sample.DetailsFrom(time.GetUtcNow());
        var command = new CreateEvent(details, sample.Capacity, EventStatus.Active, creator, "Sample Admin");
        if (await grain.CreateAsync(command) != CreateEventOutcome.Created) return;

        var buyers = SplitIntoBookings(sample.Sold);
        await Task.WhenAll(buyers.Select(quantity => grain.BookAsync(new BookTickets(NewId(), quantity))));
    }

    /// <summary>Bookings of one to four tickets that come to <paramref name="tickets"/>.</summary>
    private static IEnumerable<int> SplitIntoBookings(int tickets)
    {
        for (var size = 1; tickets > 0; size = (size % 4) + 1)
        {
            yield return Math.Min(size, tickets);
            tickets -= size;
        }
    }

    private Guid NewId() => Guid.CreateVersion7(time.GetUtcNow());
}
