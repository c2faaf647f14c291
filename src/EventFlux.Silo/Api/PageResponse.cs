using EventFlux.Grains.Storage;

namespace EventFlux.Silo.Api;

/// <summary>A list as the contract has it.</summary>
/// <param name="Page">The page's number; null behind a cursor.</param>
/// <param name="Limit">Items a page at most.</param>
/// <param name="Total">Items on all pages together; null behind a cursor.</param>
/// <param name="TotalPages">Null behind a cursor.</param>
/// <param name="NextCursor">Asks for what follows this page; null when nothing does.</param>
public sealed record PageResponse<T>(
    IReadOnlyList<T> Items, int? Page, int Limit, long? Total, long? TotalPages, string? NextCursor)
{
    /// <summary>The page with each row turned into its resource.</summary>
    public static PageResponse<T> From<TRow>(HttpRequest request, Page<TRow> page, Func<TRow, T> map)
    {
        var (asked, cursors) = (page.Request, request.HttpContext.RequestServices.GetRequiredService<Cursors>());
        return new(
            [.. page.Items.Select(map)], asked.After is null ? asked.Number : null, asked.Limit, page.Total,
            (page.Total + asked.Limit - 1) / asked.Limit,
            page.Next is { } place ? cursors.Seal(request, place) : null);
    }

    /// <summary>Answers a list whose query holds the page and nothing else.</summary>
    public static async Task<IResult> AnswerAsync<TRow>(
        HttpRequest request, Func<PageRequest, CancellationToken, Task<Page<TRow>>> find, Func<TRow, T> map)
    {
        var query = new QueryReader(request);
        var page = query.Page();
        return query.Problem is { } problem
            ? problem
            : TypedResults.Ok(From(request, await find(page, request.HttpContext.RequestAborted), map));
    }
}
