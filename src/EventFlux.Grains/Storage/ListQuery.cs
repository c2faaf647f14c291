using Npgsql;

namespace EventFlux.Grains.Storage;

/// <summary>A list as SQL, which can be read by page numbers and by places.</summary>
/// <param name="Columns">What of each row.</param>
/// <param name="From">Where from: <c>FROM</c> with a <c>WHERE</c>.</param>
internal sealed record ListQuery(string Columns, string From, ListOrder Order)
{
    /// <summary>What people turn to; each costs a prepared statement.</summary>
    private const int PagesWithAText = 10;

    /// <summary>The limits whose pages have a text each: the usual ones.</summary>
    private static readonly int[] LimitsWithAText = [10, 20, 50, 100];

    /// <summary>Where the columns are, by their id; null: where <see cref="From"/> says. With it, nothing but the order
    /// is read of the rows before the page.</summary>
    public string? Details { get; init; }

    /// <summary>Whether a page tells no total, since the caller has it from somewhere else.</summary>
    public bool IsCountedApart { get; init; }

    /// <summary>Where the rows are counted, if a shorter way than <see cref="From"/> knows.</summary>
    public string CountFrom { get; init; } = From;

    /// <summary>What counts them there.</summary>
    public string Count { get; init; } = "count(*)";

    /// <summary>The statements of a page: how many there are in all, unless the page goes on behind a place, and its
    /// rows, with their places as the last column.</summary>
    /// <param name="parameters">Those of <see cref="From"/>; the place follows them.</param>
    public void Prepare(NpgsqlBatch batch, Action<NpgsqlBatchCommand> parameters, PageRequest page)
    {
        if (TellsTotal(page)) parameters(batch.Add($"SELECT {Count} {CountFrom}"));

        var (items, behind) = (batch.Add(""), "");
        parameters(items);
        if (page.After is { } place) behind = $" AND {Order.Behind(items.With(place).Parameters.Count)}";
        // One row more than asked for tells whether anything follows. These numbers stand in the text, as long as that
        // makes few texts: behind a parameter PostgreSQL expects a tenth of all rows, and would plan every page anew.
        var hasText = page.Number <= PagesWithAText && LimitsWithAText.Contains(page.Limit);
        var (limit, offset) = hasText
            ? ($"{page.Limit + 1}", $"{page.Offset}")
            : ($"${items.With(page.Limit + 1).Parameters.Count}", $"${items.With(page.Offset).Parameters.Count}");
        var rows = $"{From}{behind} {Order.OrderBy} LIMIT {limit} OFFSET {offset}";
        if (Details is not null) rows = $"FROM (SELECT id {rows}) AS page JOIN {Details} USING (id) {Order.OrderBy}";
        items.CommandText = $"SELECT {Columns}, {Order.Place} {rows}";
    }

    /// <summary>Reads what <see cref="Prepare"/> asked for.</summary>
    public async Task<Page<T>> ReadAsync<T>(
        NpgsqlDataReader reader, Func<NpgsqlDataReader, T> map, PageRequest page, CancellationToken cancellationToken)
    {
        long? total = null;
        if (TellsTotal(page))
        {
            await reader.ReadAsync(cancellationToken);
            total = reader.GetInt64(0);
            await reader.NextResultAsync(cancellationToken);
        }

        var rows = new List<T>(page.Limit);
        string? place = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            if (rows.Count == page.Limit) return new(rows, page, total, place);
            rows.Add(map(reader));
            place = reader.GetString(reader.FieldCount - 1);
        }

        return new(rows, page, total, Next: null);
    }

    private bool TellsTotal(PageRequest page) => page.After is null && !IsCountedApart;
}
