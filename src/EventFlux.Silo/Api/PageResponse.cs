using EventFlux.Grains.Storage;

namespace EventFlux.Silo.Api;

/// <summary>A list as the contract has it.</summary>
public sealed record PageResponse<T>(IReadOnlyList<T> Items, int Page, int Limit, long Total, long TotalPages)
{
    /// <summary>The page with each row turned into its resource.</summary>
    public static PageResponse<T> From<TRow>(Page<TRow> page, Func<TRow, T> map) => new(
        [.. page.Items.Select(map)], page.Number, page.Limit, page.Total, (page.Total + page.Limit - 1) / page.Limit);
}
