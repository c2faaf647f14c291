namespace EventFlux.Grains.Storage;

/// <summary>What a search found, as of a moment ago.</summary>
/// <param name="Count">Events with the words.</param>
/// <param name="Events">Events with and without, by the other conditions of the filter.</param>
internal sealed record EventMatches(long Count, long Events)
{
    /// <summary>Whether less is read by looking through the events in their order until the page is full than by
    /// finding every one that has the words: the one takes the more the rarer they are, the other the more common they
    /// are.</summary>
    public bool FavourLookingThrough(PageRequest page) =>
        (double)(page.Offset + page.Limit + 1) * Events < (double)Count * Count;

    /// <summary>A total that fits the page, which may be newer: what is on the page and before it is there, and the
    /// last page tells it exactly.</summary>
    public long TotalOn<T>(Page<T> page)
    {
        var seen = page.Request.Offset + page.Items.Count;
        if (page.Next is not null) return Math.Max(Count, seen + 1);
        return page.Items.Count > 0 ? seen : Math.Min(Count, seen);
    }
}
