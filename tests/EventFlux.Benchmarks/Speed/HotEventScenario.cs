using EventFlux.Benchmarks.Baselines;
using EventFlux.Benchmarks.Load;
using Npgsql;

namespace EventFlux.Benchmarks.Speed;

/// <summary>One event that everybody wants, beside the usual ways on the same PostgreSQL and beside the same silo when
/// it does nothing.</summary>
internal static class HotEventScenario
{
    private const int Few = 64;
    private const int Many = 256;
    private const int UsualConnections = 16;
    private const int Capacity = 1_000_000;

    /// <summary>Connections of the function; the best of them counts.</summary>
    private static readonly int[] Candidates = [8, 16, 64];

    public static async Task RunAsync(ScenarioOptions options)
    {
        await using var bench = await Bench.StartMeasuredAsync();
        using var few = await Sale.OpenAsync(bench, Few);
        using var many = await Sale.OpenAsync(bench, Many);
        await using var pool = Pool(bench, prepare: false);
        await using var preparing = Pool(bench, prepare: true);
        await PostgresBooking.CreateSchemaAsync(bench.Database);
        var usual = new PostgresBooking(pool, bench.Processors, SelectForUpdate.BookAsync);
        var function = new PostgresBooking(preparing, bench.Processors, BookingFunction.BookAsync);
        var (hot, byLock, byCall) = (
            await bench.CreateEventAsync(Capacity), await usual.CreateEventAsync(Capacity),
            await function.CreateEventAsync(Capacity));

        var other = await bench.CreateEventAsync(Capacity);
        await WarmUp.RunAsync(
            [bench], () => few.BookAsync(other, options.WarmUp), () => few.DoNothingAsync(other, options.WarmUp));
        var locked = (await usual.RunAsync(byLock, UsualConnections, options.WarmUp)).Done;
        var (best, called) = await BestConnectionsAsync(function, byCall, options.WarmUp);

        var sides = await Alternation.RunAsync(
            options.Rounds,
            new($"EventFlux over HTTP, {Few} connections", () => few.BookAsync(hot, options.Round)),
            new($"the same silo doing nothing, {Few} connections", () => few.DoNothingAsync(hot, options.Round)),
            new($"EventFlux over HTTP, {Many} connections", () => many.BookAsync(hot, options.Round)),
            new($"the same silo doing nothing, {Many} connections", () => many.DoNothingAsync(hot, options.Round)),
            new(
                $"SELECT … FOR UPDATE, {UsualConnections} connections, no HTTP",
                () => usual.RunAsync(byLock, UsualConnections, options.Round)),
            new(
                $"one call of a function, {best} connections, no HTTP",
                () => function.RunAsync(byCall, best, options.Round)));

        await bench.VerifyAsync(few.Booked + many.Booked);
        await ExpectBaselineAsync(bench, byLock, locked + sides[4].Done);
        await ExpectBaselineAsync(bench, byCall, called + sides[5].Done);
        await Report.WriteAsync(
            "hot-event", options,
            $"""
            One event, each request another user with a token of its own, quantity 1, no idempotency key. Beside it the
            same booking straight on PostgreSQL: by `SELECT … FOR UPDATE`, and by one call of a prepared function (the
            best of {string.Join(", ", Candidates)} connections); and the same silo's authenticated POST of the same
            body, checked and answered the same way but by no grain and no database. {options.Rounds} rounds of {
            options.Round.TotalSeconds} s a side, in turns; medians, also of the rounds' ratios.
            """,
            Alternation.Table(sides) + "\n\n" + Goal.Table(Goals(sides)));
    }

    private static IEnumerable<Goal> Goals(Rounds[] sides)
    {
        foreach (var (connections, ours, nothing) in new[] { (Few, sides[0], sides[1]), (Many, sides[2], sides[3]) })
        {
            yield return Goal.AtLeast($"{connections} connections: times SELECT … FOR UPDATE",
                ours.RateRatio(sides[4]), 15, "0.0");
            yield return Goal.AtLeast($"{connections} connections: times one call of a function",
                ours.RateRatio(sides[5]), 4, "0.0");
            yield return Goal.AtLeast($"{connections} connections: part of doing nothing",
                ours.RateRatio(nothing), 0.7, "P0");
            yield return Goal.AtMost($"{connections} connections: p99 in p50s",
                ours.Median(round => round.P99Milliseconds / round.P50Milliseconds), 5, "0.0");
        }
    }

    private static async Task<(int Connections, long Done)> BestConnectionsAsync(
        PostgresBooking function, Guid eventId, TimeSpan duration)
    {
        var rounds = new List<(int Connections, Round Round)>();
        // The first only warms up.
        foreach (var connections in Candidates.Prepend(Candidates[0]))
            rounds.Add((connections, await function.RunAsync(eventId, connections, duration)));
        var best = rounds.Skip(1).MaxBy(found => found.Round.PerSecond).Connections;
        return (best, rounds.Sum(found => found.Round.Done));
    }

    private static NpgsqlDataSource Pool(Bench bench, bool prepare)
    {
        var login = new NpgsqlConnectionStringBuilder(bench.ConnectionString) { MaxPoolSize = Candidates.Max() };
        if (prepare) (login.MaxAutoPrepare, login.AutoPrepareMinUsages) = (10, 2);
        return NpgsqlDataSource.Create(login.ConnectionString);
    }

    private static Task ExpectBaselineAsync(Bench bench, Guid eventId, long booked) => bench.ExpectAsync(
        booked, $"SELECT count(*) FROM baseline.bookings WHERE event_id = '{eventId}'", "bookings of a baseline");
}
