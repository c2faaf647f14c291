using System.Collections.Immutable;
using EventFlux.Contracts;
using EventFlux.Contracts.Bookings;
using EventFlux.Contracts.Events;
using EventFlux.Contracts.Faults;
using EventFlux.Contracts.Waitlist;
using EventFlux.Grains.Bookings;
using EventFlux.Grains.Storage;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace EventFlux.Grains.Events;

/// <summary>
/// One event: decides in memory, commits in groups, answers when durable. The rules are <see cref="EventInventory"/>'s,
/// the batching is <see cref="GroupCommit"/>'s, the rows are <see cref="EventStore"/>'s; this class joins the three.
/// </summary>
/// <remarks>
/// Reentrant, so that the next callers decide while a commit is on its way. That is safe because of one invariant:
/// between reading and changing the inventory there is no <c>await</c>. Each method decides in a single step, then
/// waits.
/// </remarks>
[Reentrant, GrainType("event")]
internal sealed partial class EventGrain(
    EventStore store, EventOptions options, EventMetrics metrics, TimeProvider time, ILogger<EventGrain> logger)
    : Grain, IEventGrain
{
    private readonly RecentKeys _recentKeys = new(time);
    private readonly RecentKeys _recentWaitlistKeys = new(time);
    private EventInventory _inventory = new(options.OfferDuration, options.HoldDuration);
    private GroupCommit _commits = null!;
    private AvailabilityBoard _board = null!;
    private int _underWay;

    /// <summary>The next booking's: randomness costs more than a refusal, which uses none up.</summary>
    private string? _reference;

    private bool _hasMoved;
    private long _sealedPlanVersion;

    private Guid Id => this.GetPrimaryKey();

    /// <summary>In whole microseconds, as PostgreSQL keeps it: what is decided and what is read back are the
    /// same.</summary>
    private DateTimeOffset Now => time.GetUtcNow().ToMicroseconds();

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var stored = await store.LoadAsync(Id, cancellationToken);
        if (stored is not null)
            _inventory = EventInventory.Restore(stored, options.OfferDuration, options.HoldDuration);
        _commits = new(stored?.Version ?? 0, Seal, WriteAsync, OnCommitFailed, time);
        _sealedPlanVersion = _inventory.PlanVersion;
        _board = new(stored?.Version ?? 0, _inventory.PlanVersion, _inventory.Counts, _inventory.SeatStates);
        WatchEnds();
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (!_commits.HasFailed) await _commits.CommitAsync().WaitAsync(cancellationToken);
        _board.Close();
    }

    /// <inheritdoc/>
    public async Task<CreateEventOutcome> CreateAsync(
        CreateEvent command, CancellationToken cancellationToken = default)
    {
        Admit();
        var outcome = _inventory.Create(command, Now, _commits.Facts);
        await SettleAsync();
        return outcome;
    }

    /// <inheritdoc/>
    public async Task<UpdateEventResult> UpdateAsync(UpdateEvent command, CancellationToken cancellationToken = default)
    {
        Admit();
        var result = _inventory.Update(command, Now, _commits.Facts);
        await SettleAsync();
        return result;
    }

    /// <inheritdoc/>
    public async Task<DeleteEventOutcome> DeleteAsync(
        Actor? by = null, CancellationToken cancellationToken = default)
    {
        Admit();
        var outcome = _inventory.Delete(by, Now, _commits.Facts);
        await SettleAsync();
        return outcome;
    }

    /// <inheritdoc/>
    public async Task<BookResult> BookAsync(BookTickets command, CancellationToken cancellationToken = default) =>
        (await BookAllAsync([command], cancellationToken))[0];

    /// <inheritdoc/>
    public async Task<ImmutableArray<BookResult>> BookAllAsync(
        ImmutableArray<BookTickets> commands, CancellationToken cancellationToken = default)
    {
        Admit();
        var now = Now;
        var results = Decide(commands, command => Book(command, now));
        await SettleAsync(
            commands.Length, atOnce: results.All(result => result.Outcome == BookOutcome.InsufficientAvailability));
        foreach (var result in results) metrics.Refused(result.Outcome);
        return results;
    }

    /// <inheritdoc/>
    public async Task<CancelBookingOutcome> ReturnTicketsAsync(
        ReturnTickets command, CancellationToken cancellationToken = default) =>
        (await TakeTicketsBackAsync(command, cancellationToken)).Outcome;

    /// <inheritdoc/>
    public async Task<ReturnTicketsResult> TakeTicketsBackAsync(
        ReturnTickets command, CancellationToken cancellationToken = default)
    {
        Admit();
        var now = Now;
        var outcome = _inventory.ReturnTickets(command, now, _commits.Facts);
        await SettleAsync();
        return new(outcome, outcome == CancelBookingOutcome.Cancelled ? now : null);
    }

    /// <inheritdoc/>
    public async Task<JoinWaitlistResult> JoinWaitlistAsync(
        JoinWaitlist command, CancellationToken cancellationToken = default) =>
        (await JoinWaitlistAllAsync([command], cancellationToken))[0];

    /// <inheritdoc/>
    public async Task<ImmutableArray<JoinWaitlistResult>> JoinWaitlistAllAsync(
        ImmutableArray<JoinWaitlist> commands, CancellationToken cancellationToken = default)
    {
        Admit();
        var now = Now;
        var results = Decide(commands, command => Join(command, now));
        await SettleAsync(commands.Length);
        return results;
    }

    /// <inheritdoc/>
    public async Task<LeaveWaitlistOutcome> LeaveWaitlistAsync(
        Guid userId, CancellationToken cancellationToken = default)
    {
        Admit();
        var outcome = _inventory.Leave(userId, Now, _commits.Facts);
        await SettleAsync();
        return outcome;
    }

    /// <inheritdoc/>
    public async Task AdvanceTimeAsync(CancellationToken cancellationToken = default)
    {
        Admit();
        _inventory.AdvanceTo(Now, _commits.Facts);
        await SettleAsync();
    }

    /// <summary>One after the other. When one of them can't be decided at all, those before it are written
    /// nevertheless: they are in memory.</summary>
    private ImmutableArray<TResult> Decide<TCommand, TResult>(
        ImmutableArray<TCommand> commands, Func<TCommand, TResult> decide)
    {
        try
        {
            return ImmutableArray.CreateRange(commands, decide);
        }
        catch
        {
            _ = _commits.CommitAsync();
            throw;
        }
    }

    private BookResult Book(BookTickets command, DateTimeOffset now)
    {
        if (_recentKeys.Contains(command.UserId, command.Claim)) return new(BookOutcome.KeyJustUsed);

        var details = _inventory.Details;
        var id = IdOr(command.BookingId, now);
        var reference = _reference ??= BookingReference.Create();
        var result = _inventory.Book(command, id, reference, now, _commits.Facts, out var booked);
        if (result.Outcome != BookOutcome.Confirmed) return result;

        _reference = null;
        _recentKeys.Add(command.UserId, command.Claim);
        return result with
        {
            Booking = new(
                id, reference, Id, details.Name, details.Venue, details.EventDate, command.UserId, booked.Quantity,
                booked.UnitPrice, details.Currency, BookingStatus.Confirmed, now, null, booked.Amount, booked.Seats),
        };
    }

    private JoinWaitlistResult Join(JoinWaitlist command, DateTimeOffset now)
    {
        if (_recentWaitlistKeys.Contains(command.UserId, command.Claim)) return new(JoinWaitlistOutcome.KeyJustUsed);

        var details = _inventory.Details;
        var id = IdOr(command.EntryId, now);
        var result = _inventory.Join(command, id, now, _commits.Facts);
        if (result.Outcome != JoinWaitlistOutcome.Joined) return result;

        _recentWaitlistKeys.Add(command.UserId, command.Claim);
        return result with
        {
            Entry = new(
                id, Id, details.Name, details.EventDate, command.UserId, command.Quantity, _inventory.Counts.Waiting,
                now, command.Sections),
        };
    }

    /// <summary>Turns a caller away before anything is decided.</summary>
    private void Admit()
    {
        if (_commits.HasFailed)
            throw new ServiceUnavailableException("The event is being reloaded.") { HasMoved = _hasMoved };
        if (_underWay >= options.MaxRequestsUnderWay)
            throw new ServiceUnavailableException("The event has too many requests under way.");
    }

    /// <summary>Sends what was decided on its way and waits until it is durable, with everything before it: an answer
    /// may rest on any of it, a refusal too.</summary>
    /// <param name="requests">How many wait in this call.</param>
    /// <param name="atOnce">Don't wait: that tickets are short is told at once, since of the many who ask in a storm
    /// most are told just that.</param>
    private async Task SettleAsync(int requests = 1, bool atOnce = false)
    {
        var committed = _commits.CommitAsync();
        WatchEnds();
        if (!_inventory.Exists && !_inventory.IsDeleted) DeactivateOnIdle(); // Made-up ids leave nothing in memory.
        if (atOnce || committed.IsCompletedSuccessfully) return;

        _underWay += requests;
        try
        {
            await committed;
        }
        catch (Exception failure)
        {
            // Whatever it was, it was logged once by OnCommitFailed; a hundred callers need not carry it on.
            throw new ServiceUnavailableException($"The commit failed: {failure.GetType().Name}.")
            {
                HasMoved = _hasMoved,
            };
        }
        finally
        {
            _underWay -= requests;
        }
    }

    private EventCommit Seal(long version, IReadOnlyList<EventFact> facts)
    {
        var state = new EventState(
            _inventory.Details, _inventory.Status, _inventory.Capacity, _inventory.DetailsVersion, _inventory.Counts,
            _inventory.PlanVersion);
        var isNewPlan = state.PlanVersion != _sealedPlanVersion;
        _sealedPlanVersion = state.PlanVersion;
        return new(Id, version, state, facts)
        {
            SeatChanges = _inventory.TakeSeatChanges(), SeatStates = isNewPlan ? _inventory.SeatStates : default,
        };
    }

    private async Task WriteAsync(EventCommit commit, TimeSpan waited)
    {
        await metrics.MeasureAsync(commit, waited, store.CommitAsync);
        _board.Publish(commit);
    }

    private void OnCommitFailed(Exception failure)
    {
        var reason = (failure as CommitFailedException)?.Failure ?? CommitFailure.Unknown;
        // Fenced, nothing of the batch or of what was decided behind it was done: another activation has taken over.
        _hasMoved = reason == CommitFailure.Fenced;
        LogCommitFailed(Id, reason, failure);
        _board.Close();
        DeactivateOnIdle();
    }

    private static Guid IdOr(Guid asked, DateTimeOffset now) =>
        asked == default ? Guid.CreateVersion7(now) : asked;

    [LoggerMessage(LogLevel.Warning, "A commit of event {EventId} failed ({Failure}); the event reloads")]
    private partial void LogCommitFailed(Guid eventId, CommitFailure failure, Exception exception);
}
