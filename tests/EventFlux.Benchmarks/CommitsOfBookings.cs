using System.Security.Cryptography;
using System.Text;
using EventFlux.Contracts.Bookings;
using EventFlux.Contracts.Events;
using EventFlux.Grains.Events;
using EventFlux.Grains.Storage;
using Npgsql;

namespace EventFlux.Benchmarks;

/// <summary>An event of its own, sold by the inventory and written by the program's own commits.</summary>
/// <param name="source">One connection; disposed with this.</param>
/// <param name="bookings">In each commit.</param>
/// <param name="change">What to make of a commit before it is sent.</param>
internal sealed class CommitsOfBookings(NpgsqlDataSource source, int bookings, Action<NpgsqlBatch>? change = null)
    : IAsyncDisposable
{
    /// <summary>Who book, the same for every instance: <c>md5</c> of their numbers.</summary>
    public const int Users = 200_000;

    private static readonly Guid[] Everybody = [.. Enumerable.Range(0, Users).Select(
        number => new Guid(MD5.HashData(Encoding.ASCII.GetBytes($"{number}")), bigEndian: true))];

    private readonly List<EventFact> _facts = [];
    private EventInventory _inventory = new(TimeSpan.FromMinutes(15));
    private Guid _eventId;
    private long _version;
    private int _next = Users;

    public async Task CommitAsync()
    {
        if (_next + bookings > Users) await CreateEventAsync();
        var now = TimeProvider.System.GetUtcNow();
        for (var i = 0; i < bookings; i++)
        {
            var booking = Guid.CreateVersion7(now);
            _inventory.Book(new BookTickets(Everybody[_next++], 1), booking, $"EVT-{booking:N}", now, _facts);
        }

        await SendAsync(change);
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private async Task CreateEventAsync()
    {
        var now = TimeProvider.System.GetUtcNow();
        (_eventId, _version, _next) = (Guid.CreateVersion7(now), 0, 0);
        _inventory = new(TimeSpan.FromMinutes(15));
        var details = new EventDetails("A hot event", null, "A hall", null, now.AddDays(30), 10m, "USD", null, null);
        _inventory.Create(new(details, 1_000_000, EventStatus.Active, Guid.NewGuid(), "Creator"), now, _facts);
        await SendAsync(change: null);
    }

    private async Task SendAsync(Action<NpgsqlBatch>? change)
    {
        var state = new EventState(
            _inventory.Details, _inventory.Status, _inventory.Capacity, _inventory.DetailsVersion, _inventory.Counts);
        await using var connection = await source.OpenConnectionAsync();
        await using var batch = EventCommitCommands.Create(
            connection, [new(_eventId, _version++, state, [.. _facts])]);
        change?.Invoke(batch);
        await batch.ExecuteNonQueryAsync();
        _facts.Clear();
    }
}
