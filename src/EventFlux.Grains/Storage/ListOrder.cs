namespace EventFlux.Grains.Storage;

/// <summary>
/// What a list is sorted by: expressions that are never null, all in one direction, of which the last makes each row's
/// values its own. So "behind that row" is one comparison of rows, which an index over the same expressions answers
/// without walking past what comes before, and rows that come and go move no other row to another page.
/// </summary>
/// <param name="keys">Each expression and its SQL type.</param>
internal sealed class ListOrder(bool descending, params (string Sql, string Type)[] keys)
{
    /// <summary>A row's place, as text: JSON writes every type in one way, whatever the session's settings.</summary>
    public string Place => $"json_build_array({Keys})::text";

    public string OrderBy => $"ORDER BY {string.Join(", ", keys.Select(key => key.Sql + (descending ? " DESC" : "")))}";

    private string Keys => string.Join(", ", keys.Select(key => key.Sql));

    /// <summary>The condition that a row comes behind the place in that parameter.</summary>
    public string Behind(int parameter)
    {
        var values = string.Join(", ", Enumerable.Range(0, keys.Length).Select(key => ValueOf(key, parameter)));
        return $"({Keys}) {(descending ? '<' : '>')} ({values})";
    }

    /// <summary>One value of the place in that parameter.</summary>
    public string ValueOf(int key, int parameter) => $"(${parameter}::json ->> {key})::{keys[key].Type}";
}
