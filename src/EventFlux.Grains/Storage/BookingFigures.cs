namespace EventFlux.Grains.Storage;

/// <summary>What was sold and given back, of one day or of many. Amounts are of one currency, which whoever holds the
/// figures names; counts are of all.</summary>
/// <param name="Bookings">Made, whatever became of them.</param>
/// <param name="Tickets">Of those bookings.</param>
/// <param name="Revenue">What those bookings cost.</param>
/// <param name="Cancellations">Of whatever day's bookings.</param>
/// <param name="Refunded">What the cancelled ones had cost.</param>
/// <param name="WaitlistJoins">Places taken in queues.</param>
/// <param name="Offers">Made to those who waited.</param>
/// <param name="Conversions">Places that ended in a booking.</param>
public sealed record BookingFigures(
    long Bookings,
    long Tickets,
    decimal Revenue,
    long Cancellations,
    decimal Refunded,
    long WaitlistJoins,
    long Offers,
    long Conversions)
{
    public static BookingFigures None { get; } = new(0, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>Bookings less cancellations: over all days, those that stand.</summary>
    public long Confirmed => Bookings - Cancellations;

    /// <summary>Revenue less refunds: over all days, what the bookings that stand have cost.</summary>
    public decimal NetRevenue => Revenue - Refunded;

    /// <summary>Cancelled ÷ all bookings, in percent. Over some days alone it may pass 100: older bookings are
    /// cancelled, too.</summary>
    public decimal CancellationRate => Percentage.Of(Cancellations, Bookings);

    public static BookingFigures operator +(BookingFigures left, BookingFigures right) => new(
        left.Bookings + right.Bookings, left.Tickets + right.Tickets, left.Revenue + right.Revenue,
        left.Cancellations + right.Cancellations, left.Refunded + right.Refunded,
        left.WaitlistJoins + right.WaitlistJoins, left.Offers + right.Offers, left.Conversions + right.Conversions);

    /// <summary>The same counts without amounts: those are of another currency.</summary>
    internal BookingFigures WithoutAmounts() => this with { Revenue = 0, Refunded = 0 };
}
