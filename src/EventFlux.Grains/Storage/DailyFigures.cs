namespace EventFlux.Grains.Storage;

/// <summary>The figures of one UTC day.</summary>
/// <param name="Currency">Of the amounts.</param>
public sealed record DailyFigures(DateOnly Date, string Currency, BookingFigures Figures);

/// <summary>One row a day, and what currencies there are to ask for.</summary>
/// <param name="Currency">Of the amounts: the one asked for, else the one with the most revenue ever.</param>
/// <param name="Currencies">In which anything was ever booked, in alphabetical order.</param>
/// <param name="Days">In order, empty ones included.</param>
public sealed record DailyReport(string Currency, IReadOnlyList<string> Currencies, IReadOnlyList<DailyFigures> Days);
