namespace EventFlux.Contracts.Bookings;

/// <summary>
/// One booking after it was sold; its key is the booking's id. It serializes what happens to the booking and asks the
/// event for what touches inventory, whose commit writes the booking's row.
/// </summary>
[Alias("eventflux.IBookingGrain")]
public interface IBookingGrain : IGrainWithGuidKey
{
    /// <summary>Gives the tickets back. Durable before the answer; a repeat answers
    /// <see cref="CancelBookingOutcome.AlreadyCancelled"/>.</summary>
    /// <exception cref="Faults.ServiceUnavailableException">The outcome is unknown; a repeat is safe.</exception>
    [Alias("Cancel")]
    Task<CancelBookingOutcome> CancelAsync(CancelBooking command, CancellationToken cancellationToken = default);

    /// <summary>As <see cref="CancelAsync"/>, and tells what became of the booking, which nobody need then
    /// read.</summary>
    /// <inheritdoc cref="CancelAsync" path="/exception"/>
    [Alias("CancelAndShow")]
    Task<CancelBookingResult> CancelAndShowAsync(
        CancelBooking command, CancellationToken cancellationToken = default);
}
