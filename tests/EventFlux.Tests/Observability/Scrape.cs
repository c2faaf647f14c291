using System.Globalization;
using System.Text.RegularExpressions;
using EventFlux.Tests.Fixtures;

namespace EventFlux.Tests.Observability;

/// <summary>What <c>/metrics</c> answered, in Prometheus' text format.</summary>
internal sealed partial class Scrape
{
    private readonly List<(string Name, string Labels, double Value)> _samples = [];

    private Scrape(string text)
    {
        Text = text;
        foreach (Match match in Sample().Matches(text))
            _samples.Add((
                match.Groups["name"].Value, match.Groups["labels"].Value,
                double.Parse(match.Groups["value"].Value, NumberFormatInfo.InvariantInfo)));
    }

    public string Text { get; }

    /// <summary>Of every sample; a histogram's end in <c>_bucket</c>, <c>_sum</c> and <c>_count</c>.</summary>
    public IReadOnlySet<string> Names => _samples.Select(sample => sample.Name).ToHashSet();

    public static async Task<Scrape> ReadAsync(HttpClient client)
    {
        using var answer = await client.GetAsync("/metrics");
        Assert.True(answer.IsSuccessStatusCode, $"/metrics answered {answer.StatusCode}");
        Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
        return new(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The first that is as it should be: an answer is reused for a moment.</summary>
    public static async Task<Scrape> ReadAsync(HttpClient client, Func<Scrape, bool> isSo)
    {
        Scrape? last = null;
        await Wait.UntilAsync(
            async () => isSo(last = await ReadAsync(client)), TimeSpan.FromSeconds(20), () => $"still\n{last?.Text}");
        return last!;
    }

    /// <summary>The sum of the samples with that name, and that label where one is given; 0 when there is none.
    /// </summary>
    /// <param name="label">Such as <c>reason="fenced"</c>.</param>
    public double Value(string name, string label = "") =>
        _samples.Where(sample => sample.Name == name && sample.Labels.Contains(label, StringComparison.Ordinal))
            .Sum(sample => sample.Value);

    [GeneratedRegex(@"^(?<name>[a-z_0-9]+)(\{(?<labels>.*)\})? (?<value>\S+)( \d+)?\r?$", RegexOptions.Multiline)]
    private static partial Regex Sample();
}
