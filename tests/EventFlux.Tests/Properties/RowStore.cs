using EventFlux.Contracts.Waitlist;
using EventFlux.Grains.Events;
using EventFlux.Grains.Storage;

namespace EventFlux.Tests.Properties;

/// <summary>Tables in memory: takes commits as the statements of a commit would, fence included, and gives back what an
/// activation would read.</summary>
internal sealed class RowStore : IRowStore
{
    private readonly Dictionary<Guid, StoredBooking> _bookings = [];
    private readonly Dictionary<Guid, StoredWaitlistEntry> _entries = [];
    private EventState _state;
    private long _lastSequence;
    private bool _isDeleted;
    private bool _wasBooked;
    private long _version;

    public void Commit(EventCommit commit)
    {
        Assert.Equal(_version, commit.Version);
        var rows = new EventCommitRows(commit.Facts);
        Assert.Equal(_version == 0, rows.Created is not null);
        foreach (var cancelled in rows.CancelledBookings) Assert.True(_bookings.Remove(cancelled.BookingId));
        foreach (var row in rows.NewBookings.Where(row => row.CancelledAt is null))
        {
            var (id, user) = (row.Fact.BookingId, row.Fact.UserId);
            Assert.DoesNotContain(_bookings.Values, booking => booking.UserId == user);
            _bookings.Add(id, new(user, id, row.Fact.Quantity));
        }

        if (rows.CancelledAt is not null) _bookings.Clear();
        CommitEntries(rows);
        _wasBooked |= rows.Days.Any(day => day.Bookings > 0);
        _isDeleted |= rows.DeletedAt is not null;
        _state = commit.State;
        _version++;
    }

    public StoredEvent Load(Guid eventId) => new(
        _state.Details, _state.Status, _state.Capacity, _state.DetailsVersion, _isDeleted, _version, _state.Counts,
        _wasBooked, [.. _bookings.Values], [.. _entries.Values], _lastSequence);

    private void CommitEntries(EventCommitRows rows)
    {
        foreach (var row in rows.ChangedEntries)
        {
            var entry = _entries[row.Id];
            if (IsOpen(row)) _entries[row.Id] = entry with { ExpiresAt = row.ExpiresAt ?? entry.ExpiresAt };
            else _entries.Remove(row.Id);
        }

        foreach (var row in rows.NewEntries)
        {
            Assert.Equal(_lastSequence + 1, row.Joined!.Sequence);
            _lastSequence = row.Joined.Sequence;
            if (!IsOpen(row)) continue;
            var joined = row.Joined;
            Assert.DoesNotContain(_entries.Values, entry => entry.UserId == joined.UserId);
            _entries.Add(row.Id, new(row.Id, joined.UserId, joined.Quantity, joined.Sequence, row.ExpiresAt));
        }

        if (rows.WaitlistClosedAt is not null) _entries.Clear();
    }

    private static bool IsOpen(EntryRow row) => row.Status is WaitlistStatus.Waiting or WaitlistStatus.Notified;
}
