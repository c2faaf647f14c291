namespace EventFlux.Grains.Storage;

/// <summary>UTC days, from the first to the last, both included.</summary>
public readonly record struct DayRange
{
    /// <exception cref="ArgumentException">The last day is before the first.</exception>
    public DayRange(DateOnly first, DateOnly last)
    {
        if (last < first) throw new ArgumentException("The last day is before the first.", nameof(last));
        (First, Last) = (first, last);
    }

    public DateOnly First { get; }

    public DateOnly Last { get; }

    public int Count => Last.DayNumber - First.DayNumber + 1;

    /// <summary>As many days, right before these.</summary>
    public DayRange Before => new(First.AddDays(-Count), First.AddDays(-1));

    /// <summary>Each day in order.</summary>
    public IEnumerable<DateOnly> Days
    {
        get
        {
            for (var day = First.DayNumber; day <= Last.DayNumber; day++) yield return DateOnly.FromDayNumber(day);
        }
    }

    /// <summary>So many days, today last.</summary>
    public static DayRange LastDays(DateOnly today, int days) => new(today.AddDays(1 - days), today);

    public bool Contains(DateOnly day) => day >= First && day <= Last;
}
