namespace EventFlux.Grains.Storage;

/// <summary>Which page of a list.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Limit">Items a page, 1 to 100.</param>
public readonly record struct PageRequest(int Number, int Limit)
{
    /// <summary>Items before the page. A page number may be as large as an integer is.</summary>
    public long Offset => (Number - 1L) * Limit;
}

/// <summary>One page of a list.</summary>
/// <param name="Total">Items on all pages together.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, int Number, int Limit, long Total)
{
    /// <summary>The same page with each item turned into another.</summary>
    public Page<TOther> Select<TOther>(Func<T, TOther> map) => new([.. Items.Select(map)], Number, Limit, Total);
}
