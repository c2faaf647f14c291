using System.Diagnostics;
using EventFlux.Benchmarks.Load;
using EventFlux.Contracts.Events;
using EventFlux.Grains.Storage;
using EventFlux.Silo.Hosting;
using Npgsql;

namespace EventFlux.Benchmarks.Speed;

/// <summary>Pages of lists over few and many events, in databases side by side.</summary>
internal static class EventLists
{
    private static readonly (string Name, EventFilter Filter, PageRequest Page)[] Lists =
    [
        ("first page", new(EventStatus.Active), new(1, 10)),
        ("fifth page by price, falling", new(EventStatus.Active, Order: EventOrder.Price, Descending: true),
            new(5, 10)),
        ("one category", new(EventStatus.Active, Category: "kind 7"), new(1, 10)),
        ("a category's, available, from a date on", new(
            EventStatus.Active, Category: "kind 7", DateFrom: DateTimeOffset.UnixEpoch, AvailableOnly: true),
            new(1, 10)),
        ("search of a word in a tenth of all names", new(EventStatus.Active, Search: "opera"), new(1, 10)),
        ("search of a word in five names", new(EventStatus.Active, Search: "zither"), new(1, 10)),
    ];

    public static string SizesText(ScenarioOptions options) =>
        string.Join(", ", Sizes(options).Select(size => Report.Format($"{size:N0}")));

    public static async Task<(string Table, Goal[] Goals)> MeasureAsync(ScenarioOptions options)
    {
        var sizes = Sizes(options);
        await using var bench = await Bench.StartWithoutSiloAsync();
        var readers = new List<(NpgsqlDataSource Source, EventQueries Events)>();
        for (var step = 0; step < sizes.Length; step++)
        {
            await MadeRows.EventsAsync(bench.Database, step == 0 ? 1 : sizes[step - 1] + 1, sizes[step]);
            // As the sweep of each minute does.
            await bench.ExecuteAsync("SELECT sum_up_events(2147483647)");
            await bench.ExecuteAsync("VACUUM ANALYZE");
            // The last stays where it was made.
            var copy = $"events_{sizes[step]}";
            if (step < sizes.Length - 1) await bench.ExecuteAsync($"CREATE DATABASE {copy} TEMPLATE eventflux");
            readers.Add(Reader(bench, step < sizes.Length - 1 ? copy : "eventflux"));
        }

        var rows = new List<double[]>();
        foreach (var (name, filter, page) in Lists)
        {
            rows.Add(await CompareAsync([.. readers.Select(reader => reader.Events)], filter, page, options));
            Console.WriteLine($"{name}: {string.Join(", ", rows[^1].Select(ms => Report.Format($"{ms:F2} ms")))}");
        }

        foreach (var (source, _) in readers) await source.DisposeAsync();
        return (TableOf(sizes, rows), [.. Lists.Zip(rows, (list, row) => Goal.AtMost(
            $"{list.Name}: dearest of the larger, in those of the smallest", row.Skip(1).Max() / row[0], 2))]);
    }

    private static string TableOf(int[] sizes, List<double[]> rows)
    {
        var head = string.Concat(sizes.Select(size => Report.Format($" ms of {size:N0} |")));
        var lines = Lists.Zip(rows, (list, row) =>
            $"| {list.Name} |{string.Concat(row.Select(ms => Report.Format($" {ms:F2} |")))}");
        return $"""
            | a page of the list |{head}
            | --- |{string.Concat(sizes.Select(_ => " ---: |"))}
            {string.Join('\n', lines)}
            """;
    }

    private static int[] Sizes(ScenarioOptions options)
    {
        var most = options.Value("--list-events", 1_000_000);
        return [1_000, most / 10, most];
    }

    /// <summary>One connection as a silo has it.</summary>
    private static (NpgsqlDataSource Source, EventQueries Events) Reader(Bench bench, string database)
    {
        var login = SiloLogin.AsSilo(bench.ConnectionString);
        (login.Database, login.MaxPoolSize, login.MaxAutoPrepare, login.AutoPrepareMinUsages) = (database, 1, 100, 2);
        var source = NpgsqlDataSource.Create(login.ConnectionString);
        return (source, new(new Database(source), TimeProvider.System));
    }

    /// <summary>One page of each size, again and again.</summary>
    /// <returns>Medians in milliseconds.</returns>
    private static async Task<double[]> CompareAsync(
        EventQueries[] readers, EventFilter filter, PageRequest page, ScenarioOptions options)
    {
        var times = readers.Select(_ => new List<double>()).ToArray();
        var least = 3 * options.Rounds;
        for (var started = Stopwatch.GetTimestamp();
             times[0].Count < least || Stopwatch.GetElapsedTime(started) < options.Round;)
        {
            foreach (var (reader, own) in readers.Zip(times))
            {
                var began = Stopwatch.GetTimestamp();
                var found = await reader.ListAsync(filter, page, default);
                own.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                if (found.Items.Count == 0 || found.Total < found.Items.Count)
                    throw new InvalidOperationException($"A list has {found.Items.Count} of {found.Total} events.");
            }
        }

        // The first few prepare and warm up.
        return [.. times.Select(own => Medians.Of(own.Skip(2)))];
    }
}
