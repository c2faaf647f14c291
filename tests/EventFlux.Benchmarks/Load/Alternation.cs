namespace EventFlux.Benchmarks.Load;

/// <summary>One of the things that are compared.</summary>
/// <param name="RunAsync">One round of it.</param>
internal sealed record Side(string Name, Func<Task<Round>> RunAsync);

/// <summary>Sides in turns, A B A B, so that whatever else the machine does meets them alike.</summary>
internal static class Alternation
{
    private const string Head = """
        | | a second | p50 ms | p99 ms | the driver's share of the processors | silo's | PostgreSQL's |
        | --- | ---: | ---: | ---: | ---: | ---: | ---: |

        """;

    public static async Task<Rounds[]> RunAsync(int rounds, params Side[] sides)
    {
        var all = sides.Select(_ => new List<Round>()).ToArray();
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var (side, own) in sides.Zip(all))
            {
                own.Add(await side.RunAsync());
                Console.WriteLine(Report.Format(
                    $"round {round}: {side.Name} {own[^1].PerSecond:F0}/s, driver {own[^1].DriverShare:P0}"));
            }
        }

        return [.. sides.Zip(all, (side, own) => new Rounds(side.Name, own))];
    }

    /// <summary>Medians.</summary>
    public static string Table(params IEnumerable<Rounds> sides) => Head + string.Join('\n', sides.Select(Line));

    private static string Line(Rounds side) => Report.Format($"""
        | {side.Name} | {side.PerSecond:F0} | {side.Median(r => r.P50Milliseconds):F1} | {
            side.Median(r => r.P99Milliseconds):F1} | {side.Median(r => r.DriverShare):P0} | {
            side.Median(r => r.SiloShare):P0} | {side.Median(r => r.PostgresShare):P0} |
        """);
}
