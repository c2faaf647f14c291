namespace EventFlux.Silo.Api;

/// <summary>An id in a path. One that is no UUID names nothing, so it reads as the empty UUID, which nothing has, and
/// ends as the resource's own 404.</summary>
public readonly record struct ResourceId(Guid Value)
{
    /// <summary>Always succeeds.</summary>
    public static bool TryParse(string? text, out ResourceId id)
    {
        id = new(Guid.TryParseExact(text, "D", out var value) ? value : Guid.Empty);
        return true;
    }
}
