namespace EventFlux.Grains.Storage;

/// <summary>The figures of some days together.</summary>
/// <param name="Currency">Of the amounts: the one asked for, else the one with the most revenue ever.</param>
/// <param name="Currencies">In which anything was ever booked, in alphabetical order.</param>
public sealed record PeriodStats(
    DayRange Days, string Currency, IReadOnlyList<string> Currencies, BookingFigures Figures);
