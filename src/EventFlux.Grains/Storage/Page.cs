namespace EventFlux.Grains.Storage;

/// <summary>Which part of a list: a page by its number, or what follows a place.</summary>
/// <param name="Number">From 1. Without meaning where a place is given.</param>
/// <param name="Limit">Items a page, 1 to 100.</param>
/// <param name="After">The place to go on behind, as an earlier page told it; null: the page of that number.</param>
public readonly record struct PageRequest(int Number, int Limit, string? After = null)
{
    /// <summary>Items before the page. A page number may be as large as an integer is.</summary>
    public long Offset => After is null ? (Number - 1L) * Limit : 0;
}

/// <summary>One page of a list.</summary>
/// <param name="Request">What was asked for.</param>
/// <param name="Total">Items on all pages together; null behind a place, where not every page may cost a count.</param>
/// <param name="Next">The place of the last item, to go on behind; null when nothing follows.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, PageRequest Request, long? Total, string? Next);
