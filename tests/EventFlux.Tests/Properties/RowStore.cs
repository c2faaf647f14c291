using EventFlux.Contracts.Holds;
using EventFlux.Contracts.Seats;
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
    private readonly Dictionary<Guid, TicketHold> _holds = [];
    private readonly Dictionary<string, Guid> _soldSeats = [];
    private readonly Dictionary<string, string> _blocked = [];
    private SeatPlan? _plan;
    private EventState _state;
    private long _lastSequence;
    private bool _isDeleted;
    private bool _wasBooked;
    private long _version;

    public void Commit(EventCommit commit)
    {
        Assert.Equal(_version, commit.Version);
        var rows = new EventCommitRows([commit]);
        Assert.Equal(_version == 0, rows.Created is not null);
        foreach (var cancelled in rows.CancelledBookings) Assert.True(_bookings.Remove(cancelled.BookingId));
        foreach (var row in rows.NewBookings.Where(row => row.CancelledAt is null))
        {
            var (id, user) = (row.Fact.BookingId, row.Fact.UserId);
            Assert.DoesNotContain(_bookings.Values, booking => booking.UserId == user);
            _bookings.Add(id, new(user, id, row.Fact.Quantity));
        }

        if (rows.CancelledAt is not null) _bookings.Clear();
        CommitHolds(rows);
        CommitSeats(rows);
        CommitEntries(rows);
        _wasBooked |= rows.Days.Any(day => day.Bookings > 0);
        _isDeleted |= rows.DeletedAt is not null;
        _state = commit.State;
        _version++;
    }

    public StoredEvent Load(Guid eventId) => new(
        _state.Details, _state.Status, _state.Capacity, _state.DetailsVersion, _isDeleted, _version, _state.Counts,
        _wasBooked, [.. _bookings.Values], [.. _entries.Values], _lastSequence)
    {
        // Ends are changed in place by whoever owns a hold.
        Holds = [.. _holds.Values.Select(hold => Copy(hold, hold.ExpiresAt, hold.IsExtended))],
        Seats = _plan is null ? null : new(
            _plan, _state.PlanVersion, [.. _soldSeats.Select(seat => (seat.Key, seat.Value))],
            new Dictionary<string, string>(_blocked)),
    };

    private void CommitHolds(EventCommitRows rows)
    {
        foreach (var row in rows.ChangedHolds)
        {
            var hold = _holds[row.Id];
            if (row.Status != HoldStatus.Open) _holds.Remove(row.Id);
            else _holds[row.Id] = Copy(hold, row.ExpiresAt ?? hold.ExpiresAt, hold.IsExtended || row.IsExtended);
        }

        foreach (var row in rows.NewHolds.Where(row => row.Status == HoldStatus.Open))
        {
            var begun = row.Begun!;
            Assert.DoesNotContain(_holds.Values, hold => hold.UserId == begun.UserId);
            _holds.Add(row.Id, new(row.Id, begun.UserId, begun.Tickets, begun.At, row.ExpiresAt!.Value)
            {
                IsExtended = row.IsExtended,
            });
        }
    }

    private void CommitSeats(EventCommitRows rows)
    {
        _plan = rows.Plan?.Plan ?? _plan;
        foreach (var (seat, block) in rows.Blocks)
        {
            if (block.Reason is null) _blocked.Remove(seat);
            else _blocked[seat] = block.Reason;
        }

        foreach (var (_, seat) in rows.SeatsGivenUp) Assert.True(_soldSeats.Remove(seat));
        if (rows.CancelledAt is not null) _soldSeats.Clear();
        else
        {
            foreach (var row in rows.NewBookings.Where(row => row.CancelledAt is null))
                if (!row.Fact.Tickets.Seats.IsDefault)
                    foreach (var seat in row.Fact.Tickets.Seats) _soldSeats.Add(seat.Id, row.Fact.BookingId);
        }
    }

    private static TicketHold Copy(TicketHold hold, DateTimeOffset expiresAt, bool isExtended) =>
        new(hold.Id, hold.UserId, hold.Tickets, hold.HeldAt, expiresAt) { IsExtended = isExtended };

    private void CommitEntries(EventCommitRows rows)
    {
        foreach (var row in rows.ChangedEntries)
        {
            var entry = _entries[row.Id];
            if (IsOpen(row))
            {
                _entries[row.Id] = entry with
                {
                    ExpiresAt = row.ExpiresAt ?? entry.ExpiresAt, Seats = row.Seats.IsDefault ? entry.Seats : row.Seats,
                };
            }
            else _entries.Remove(row.Id);
        }

        foreach (var row in rows.NewEntries)
        {
            Assert.Equal(_lastSequence + 1, row.Joined!.Sequence);
            _lastSequence = row.Joined.Sequence;
            if (!IsOpen(row)) continue;
            var joined = row.Joined;
            Assert.DoesNotContain(_entries.Values, entry => entry.UserId == joined.UserId);
            _entries.Add(row.Id, new(
                row.Id, joined.UserId, joined.Quantity, joined.Sequence, row.ExpiresAt, joined.Sections, row.Seats));
        }

        if (rows.WaitlistClosedAt is not null) _entries.Clear();
    }

    private static bool IsOpen(EntryRow row) => row.Status is WaitlistStatus.Waiting or WaitlistStatus.Notified;
}
