using System.Text.Json;

namespace EventFlux.Tests.Api;

/// <summary>Bodies for <c>/api/events</c>.</summary>
internal static class EventBody
{
    /// <summary>A date to come, in whole seconds.</summary>
    public static readonly DateTimeOffset Date = new(2099, 5, 1, 18, 30, 0, TimeSpan.Zero);

    /// <summary>A valid event with the required members alone, and with the given ones set.</summary>
    public static string With(params (string Member, object? Value)[] members)
    {
        var body = new Dictionary<string, object?>
        {
            ["name"] = "A concert",
            ["venue"] = "A hall",
            ["event_date"] = "2099-05-01T18:30:00Z",
            ["capacity"] = 10,
            ["price"] = 12.5m,
        };
        foreach (var (member, value) in members) body[member] = value;
        return JsonSerializer.Serialize(body);
    }
}
