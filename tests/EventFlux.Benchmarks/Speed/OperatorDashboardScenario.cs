using System.Net.Http.Headers;
using EventFlux.Benchmarks.Load;
using EventFlux.Contracts.Users;

namespace EventFlux.Benchmarks.Speed;

/// <summary>What Orleans Dashboard costs the hot event: left out, there, and looked at. Two silos, each with a database
/// of its own; the one that isn't measured is idle.</summary>
internal static class OperatorDashboardScenario
{
    private const int Capacity = 1_000_000;

    /// <summary>As often as its page asks.</summary>
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    private static readonly string[] Shown =
        ["/dashboard/DashboardCounters", "/dashboard/ClusterStats", "/dashboard/TopGrainMethods"];

    public static async Task RunAsync(ScenarioOptions options)
    {
        await using var without = await Bench.StartAsync(("DASHBOARD_ENABLED", "false"));
        await using var with = await Bench.StartAsync(("DASHBOARD_ENABLED", "true"));
        var plain = await without.CreateEventAsync(Capacity);
        var watched = await with.CreateEventAsync(Capacity);
        using var plainSale = await Sale.OpenAsync(without, options.Connections);
        using var watchedSale = await Sale.OpenAsync(with, options.Connections);

        var (otherPlain, other) = (await without.CreateEventAsync(Capacity), await with.CreateEventAsync(Capacity));
        await WarmUp.RunAsync(
            [without, with], () => plainSale.BookAsync(otherPlain, options.WarmUp),
            () => watchedSale.BookAsync(other, options.WarmUp));
        var sides = await Alternation.RunAsync(
            options.Rounds,
            new("without", () => plainSale.BookAsync(plain, options.Round)),
            new("with, nobody looks", () => watchedSale.BookAsync(watched, options.Round)),
            new("with, one page open", () => WhileLookedAtAsync(
                with, () => watchedSale.BookAsync(watched, options.Round))));
        await without.VerifyAsync(plainSale.Booked);
        await with.VerifyAsync(watchedSale.Booked);
        await Report.WriteAsync(
            "operator-dashboard", options,
            $"""
            One event, {options.Connections} connections, each request another user: on a silo without Orleans
            Dashboard, and on one with it, while nobody looks and while a page asks for its figures each second.
            {options.Rounds} rounds of {options.Round.TotalSeconds} s a side, in turns; medians.
            """,
            $"{Alternation.Table(sides)}\n\n" + Goal.Table(
                Goal.AtLeast("rate with it, nobody looks, of that without", sides[1].RateRatio(sides[0]), 0.9, "P0"),
                Goal.AtLeast("rate with a page open, of that without", sides[2].RateRatio(sides[0]), 0.9, "P0")));
    }

    private static async Task<Round> WhileLookedAtAsync(Bench bench, Func<Task<Round>> run)
    {
        using var done = new CancellationTokenSource();
        var looking = LookAsync(bench, done.Token);
        var round = await run();
        await done.CancelAsync();
        await looking;
        return round;
    }

    private static async Task LookAsync(Bench bench, CancellationToken done)
    {
        var token = new AuthenticationHeaderValue("Bearer", bench.NewToken(UserRole.Admin));
        using var timer = new PeriodicTimer(Glance);
        try
        {
            do
            {
                foreach (var path in Shown)
                {
                    using var request = new HttpRequestMessage(HttpMethod.Get, path);
                    request.Headers.Authorization = token;
                    using var answer = await bench.Silo.Http.SendAsync(request, done);
                    answer.EnsureSuccessStatusCode();
                }
            }
            while (await timer.WaitForNextTickAsync(done));
        }
        catch (OperationCanceledException)
        {
            // The round is over.
        }
    }
}
