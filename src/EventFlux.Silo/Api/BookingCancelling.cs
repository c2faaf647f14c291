using EventFlux.Contracts;
using EventFlux.Contracts.Bookings;

namespace EventFlux.Silo.Api;

/// <summary>Cancels bookings for whoever may: the API and the console alike. Safe for concurrent use.</summary>
internal sealed class BookingCancelling(IGrainFactory grains, TimeProvider time)
{
    /// <param name="by">Who asks, where that is an admin, for the audit log.</param>
    /// <returns>Why it was refused; null where the booking is cancelled.</returns>
    public async Task<Problem?> CancelAsync(
        Guid id, CurrentUser user, Actor? by, CancellationToken cancellationToken)
    {
        var (outcome, mayHaveActed) = await GrainCalls.CallAsync(
            () => grains.GetGrain<IBookingGrain>(id)
                .CancelAsync(new(user.Id, user.IsAdmin, by), CancellationToken.None),
            time, cancellationToken);
        if (mayHaveActed && outcome == CancelBookingOutcome.AlreadyCancelled) outcome = CancelBookingOutcome.Cancelled;
        return Problems.Of(outcome);
    }
}
