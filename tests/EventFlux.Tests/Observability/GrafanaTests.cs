using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using EventFlux.Contracts.Maintenance;
using EventFlux.Grains.Observability;
using EventFlux.Tests.Api;
using EventFlux.Tests.Tidy;
using Microsoft.Extensions.DependencyInjection;

namespace EventFlux.Tests.Observability;

/// <summary>The dashboard asks for what a silo in use really publishes, and forgets none of our own.</summary>
public sealed partial class GrafanaTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private readonly JsonElement _dashboard =
        JsonDocument.Parse(SourceTree.Read("deploy/grafana/eventflux.json")).RootElement;

    [Fact]
    public async Task EachMetricOfTheDashboard_IsPublishedBySiloInUse()
    {
        await UseAsync();

        var names = (await Scrape.ReadAsync(api.Client)).Names;
        var asked = Expressions().SelectMany(NamesIn).Distinct().ToArray();

        Assert.True(asked.Length > 25, $"{asked.Length} names found");
        Assert.Subset(names.ToHashSet(), asked.ToHashSet());
    }

    [Fact]
    public void EachMetricOfOurOwn_IsOnTheDashboard()
    {
        var text = string.Join('\n', Expressions());
        var own = typeof(MetricNames).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.IsLiteral && field.Name != nameof(MetricNames.Meter))
            .Select(field => ((string)field.GetRawConstantValue()!).Replace('.', '_')).ToArray();

        Assert.True(own.Length >= 15);
        Assert.All(own, name => Assert.Contains(name, text, StringComparison.Ordinal));
    }

    [Fact]
    public void EachPanel_HasATitleAPlaceOfItsOwnAndTheChosenDataSource()
    {
        var panels = Panels().ToArray();

        Assert.All(panels, panel => Assert.False(string.IsNullOrWhiteSpace(panel.GetProperty("title").GetString())));
        var ids = panels.Select(panel => panel.GetProperty("id").GetInt32()).ToArray();
        Assert.Equal(ids.Distinct(), ids);
        var places = panels.Select(panel => panel.GetProperty("gridPos"))
            .SelectMany(place => from x in Enumerable.Range(Int(place, "x"), Int(place, "w"))
                                 from y in Enumerable.Range(Int(place, "y"), Int(place, "h"))
                                 select (x, y)).ToArray();
        Assert.Equal(places.Length, places.Distinct().Count());
        Assert.All(places, place => Assert.InRange(place.x, 0, 23));
        Assert.All(panels.Where(panel => panel.GetProperty("type").GetString() != "row"), panel => Assert.Equal(
            "${datasource}", panel.GetProperty("datasource").GetProperty("uid").GetString()));
    }

    /// <summary>Everything that has a metric happens once.</summary>
    private async Task UseAsync()
    {
        var (concert, user) = (await api.CreateEventAsync(capacity: 1), api.NewUser());
        (await user.BookAsync(concert)).Is(201);
        (await api.NewUser().BookAsync(concert)).Is(409);
        await api.Services.GetRequiredService<IGrainFactory>()
            .GetGrain<IMaintenanceGrain>(IMaintenanceGrain.Key).RunAsync();
        GC.Collect();
    }

    private IEnumerable<JsonElement> Panels() => _dashboard.GetProperty("panels").EnumerateArray();

    private IEnumerable<string> Expressions() =>
        from panel in Panels()
        where panel.TryGetProperty("targets", out _)
        from target in panel.GetProperty("targets").EnumerateArray()
        select target.GetProperty("expr").GetString()!;

    /// <summary>Names of metrics are the words that no label, function or text is.</summary>
    private static IEnumerable<string> NamesIn(string expression) =>
        Name().Matches(Braces().Replace(Groups().Replace(expression, ""), "")).Select(match => match.Value);

    private static int Int(JsonElement element, string member) => element.GetProperty(member).GetInt32();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Braces();

    [GeneratedRegex(@"\b(by|without|on|ignoring)\s*\([^)]*\)")]
    private static partial Regex Groups();

    [GeneratedRegex(@"\b(eventflux|http|db|dotnet|orleans|kestrel|target)_[a-z0-9_]+")]
    private static partial Regex Name();
}
