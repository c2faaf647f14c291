using EventFlux.Contracts;
using EventFlux.Contracts.Bookings;
using EventFlux.Grains;

namespace EventFlux.Silo.Api;

/// <summary>Cancels bookings for whoever may: the API and the console alike. Safe for concurrent use.</summary>
internal sealed class BookingCancelling(GrainsById<IBookingGrain> bookings, TimeProvider time)
{
    /// <param name="by">Who asks, where that is an admin, for the audit log.</param>
    /// <returns>The cancelled booking, which is null where a silo of the release before cancelled it, or why it was
    /// refused.</returns>
    public async Task<(BookingSnapshot? Booking, Problem? Problem)> CancelAsync(
        Guid id, CurrentUser user, Actor? by, CancellationToken cancellationToken)
    {
        var (result, mayHaveActed) = await GrainCalls.CallAsync(
            () => CancelAsync(bookings[id], new(user.Id, user.IsAdmin, by)), time, cancellationToken);
        var (outcome, booking) = result;
        if (mayHaveActed && outcome == CancelBookingOutcome.AlreadyCancelled) outcome = CancelBookingOutcome.Cancelled;
        return (booking, Problems.Of(outcome));
    }

    private static Task<CancelBookingResult> CancelAsync(IBookingGrain booking, CancelBooking command) =>
        ReleaseBefore.OrAsync(
            () => booking.CancelAndShowAsync(command, CancellationToken.None),
            async () => new(await booking.CancelAsync(command, CancellationToken.None)));
}
