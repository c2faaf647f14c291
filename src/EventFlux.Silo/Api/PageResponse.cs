using EventFlux.Grains.Storage;

namespace EventFlux.Silo.Api;

/// <summary>A list as the contract has it.</summary>
public sealed record PageResponse<T>(IReadOnlyList<T> Items, int Page, int Limit, long Total, long TotalPages)
{
    /// <summary>The page with each row turned into its resource.</summary>
    public static PageResponse<T> From<TRow>(Page<TRow> page, Func<TRow, T> map) => new(
        [.. page.Items.Select(map)], page.Number, page.Limit, page.Total, (page.Total + page.Limit - 1) / page.Limit);

    /// <summary>Answers a list whose query holds the page and nothing else.</summary>
    public static async Task<IResult> AnswerAsync<TRow>(
        HttpRequest request, Func<PageRequest, CancellationToken, Task<Page<TRow>>> find, Func<TRow, T> map)
    {
        var query = new QueryReader(request.Query);
        var page = query.Page();
        return query.Problem is { } problem
            ? problem
            : TypedResults.Ok(From(await find(page, request.HttpContext.RequestAborted), map));
    }
}
