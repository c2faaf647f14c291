using System.Collections.Immutable;
using EventFlux.Contracts.Faults;
using EventFlux.Contracts.Holds;
using EventFlux.Contracts.Seats;

namespace EventFlux.Grains.Events;

/// <content>Holds, seats, and what viewers are told.</content>
internal sealed partial class EventGrain
{
    private readonly RecentKeys _recentHoldKeys = new(time);

    /// <inheritdoc/>
    public async Task<HoldResult> HoldAsync(HoldTickets command, CancellationToken cancellationToken = default)
    {
        Admit();
        var result = Hold(command, Now);
        await SettleAsync();
        return result;
    }

    /// <inheritdoc/>
    public async Task<HoldResult> ExtendHoldAsync(
        Guid userId, Guid holdId, CancellationToken cancellationToken = default)
    {
        Admit();
        var result = _inventory.ExtendHold(userId, holdId, Now, _commits.Facts);
        if (result.Outcome == HoldOutcome.Held) result = result with { Hold = SnapshotOf(userId) };
        await SettleAsync();
        return result;
    }

    /// <inheritdoc/>
    public async Task<ReleaseHoldOutcome> ReleaseHoldAsync(
        Guid userId, Guid holdId, CancellationToken cancellationToken = default)
    {
        Admit();
        var outcome = _inventory.ReleaseHold(userId, holdId, Now, _commits.Facts);
        await SettleAsync();
        return outcome;
    }

    /// <inheritdoc/>
    public async Task<SeatPlanResult> SetSeatPlanAsync(
        SetSeatPlan command, CancellationToken cancellationToken = default)
    {
        Admit();
        var result = _inventory.SetSeatPlan(command, Now, _commits.Facts);
        await SettleAsync();
        return result;
    }

    /// <inheritdoc/>
    public async Task<SeatPlanResult> BlockSeatsAsync(BlockSeats command, CancellationToken cancellationToken = default)
    {
        Admit();
        var result = _inventory.BlockSeats(command, Now, _commits.Facts);
        await SettleAsync();
        return result;
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<string>> ChooseSeatsAsync(
        int quantity, SeatChoice choice, CancellationToken cancellationToken = default)
    {
        Admit();
        return Task.FromResult(_inventory.Choose(quantity, choice));
    }

    /// <inheritdoc/>
    public async Task<AvailabilityNews> WatchAvailabilityAsync(
        long since, TimeSpan patience, CancellationToken cancellationToken = default)
    {
        if (_commits.HasFailed) throw new ServiceUnavailableException("The event is being reloaded.");
        if (!_inventory.Exists)
        {
            DeactivateOnIdle(); // Made-up ids leave nothing in memory.
            return new(AvailabilityNews.NoEvent, -1, 0, default, [], []);
        }

        if (since == _board.Version)
            await Task.WhenAny(_board.Next, Task.Delay(patience, time, cancellationToken));
        return _board.Since(since);
    }

    private HoldResult Hold(HoldTickets command, DateTimeOffset now)
    {
        if (_recentHoldKeys.Contains(command.UserId, command.Claim)) return new(HoldOutcome.KeyJustUsed);

        var result = _inventory.Hold(command, IdOr(command.HoldId, now), now, _commits.Facts);
        if (result.Outcome != HoldOutcome.Held) return result;

        _recentHoldKeys.Add(command.UserId, command.Claim);
        return result with { Hold = SnapshotOf(command.UserId) };
    }

    private HoldSnapshot SnapshotOf(Guid userId)
    {
        var hold = _inventory.FindHold(userId)!;
        return new(
            hold.Id, Id, userId, hold.Tickets.Quantity, hold.Tickets.UnitPrice, hold.Tickets.Amount,
            _inventory.Details.Currency, hold.Tickets.Seats, HoldStatus.Open, hold.HeldAt, hold.ExpiresAt,
            hold.IsExtended);
    }
}
