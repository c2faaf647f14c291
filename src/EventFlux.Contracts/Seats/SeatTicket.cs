namespace EventFlux.Contracts.Seats;

/// <summary>A seat that somebody holds or has booked, as it was when it was held: later changes of the plan change
/// neither its name nor its price.</summary>
/// <param name="Id">Unique in the plan: <c>STALLS-C-12</c>.</param>
/// <param name="Section">The section's name.</param>
/// <param name="Price">In the currency of the hold or booking, two decimals.</param>
[GenerateSerializer, Immutable, Alias("eventflux.SeatTicket")]
public sealed record SeatTicket(
    [property: Id(0)] string Id,
    [property: Id(1)] string Section,
    [property: Id(2)] string Row,
    [property: Id(3)] string Number,
    [property: Id(4)] decimal Price);
