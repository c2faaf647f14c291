using System.Globalization;
using System.Text.Json.Nodes;
using EventFlux.Grains.Events;

namespace EventFlux.Grains.Storage;

/// <summary>Which members an action changed, from what to what: the column <c>changes</c>. Values are texts, whatever
/// they are elsewhere: the log is for reading.</summary>
internal static class AuditChanges
{
    private static readonly (string Member, Func<EventTerms, string?> Read)[] Members =
    [
        ("name", terms => terms.Details.Name),
        ("description", terms => terms.Details.Description),
        ("venue", terms => terms.Details.Venue),
        ("address", terms => terms.Details.Address),
        ("event_date", terms => Text(terms.Details.EventDate)),
        ("price", terms => terms.Details.Price.ToString("0.00", CultureInfo.InvariantCulture)),
        ("currency", terms => terms.Details.Currency),
        ("category", terms => terms.Details.Category),
        ("image_url", terms => terms.Details.ImageUrl),
        ("capacity", terms => terms.Capacity.ToString(CultureInfo.InvariantCulture)),
        ("status", terms => terms.Status.ToText()),
    ];

    public static string Of(ActionNoted noted)
    {
        var changes = new JsonObject();
        foreach (var (member, read) in Members)
        {
            var (before, after) = (Read(noted.Before, read), Read(noted.After, read));
            if (before == after) continue;
            var change = new JsonObject();
            if (before is not null) change["old"] = before;
            if (after is not null) change["new"] = after;
            changes[member] = change;
        }

        return changes.ToJsonString();
    }

    private static string? Read(EventTerms? terms, Func<EventTerms, string?> read) =>
        terms is null ? null : read(terms);

    private static string Text(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);
}
