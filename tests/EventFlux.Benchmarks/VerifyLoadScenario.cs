using System.Diagnostics;
using System.Globalization;
using EventFlux.Tests.Fixtures;

namespace EventFlux.Benchmarks;

/// <summary>Bookings and cancellations over HTTP, then <c>verify</c>, as an operator runs it; and once in the
/// middle.</summary>
internal static class VerifyLoadScenario
{
    private const int Events = 20;
    private const int Scarce = 300;
    private const int SignUps = 50;

    /// <returns>The exit code: 1 when there was a difference.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var target = ScenarioOptions.Value(args, "--changes", 50_000);
        var connections = ScenarioOptions.Value(args, "--connections", 32);
        await using var bench = await Bench.StartAsync(("WAITLIST_OFFER_MINUTES", "0.2"));
        using var crowd = new ChangingCrowd(bench, connections);
        await crowd.CreateEventsAsync(Events, Scarce);
        await crowd.SignUpAsync(SignUps);

        var started = Stopwatch.GetTimestamp();
        await crowd.ChangeAsync(target / 2);
        var going = crowd.ChangeAsync(target);
        var meanwhile = await VerifyAsync(bench);
        var isMeanwhile = !going.IsCompleted;
        await going;
        await crowd.CallOffOneAsync();
        var took = Stopwatch.GetElapsedTime(started);

        var verifying = Stopwatch.GetTimestamp();
        var after = await VerifyAsync(bench);
        var verified = Stopwatch.GetElapsedTime(verifying);
        if (crowd.Booked != await bench.CountAsync("SELECT count(*) FROM bookings"))
            throw new InvalidOperationException($"{crowd.Booked} bookings were acknowledged; the database disagrees.");
        var buyers = await bench.CountAsync("SELECT sum(buyers) FROM booking_analytics");
        var repeatBuyers = await bench.CountAsync("SELECT sum(repeat_buyers) FROM booking_analytics");
        var conversions = await bench.CountAsync("SELECT sum(conversions) FROM booking_analytics");
        var report = string.Create(CultureInfo.InvariantCulture, $"""
            # verify-load

            {crowd.Booked} bookings and {crowd.Cancelled} cancellations acknowledged over HTTP in {
                took.TotalSeconds:F0} s, {crowd.Queued} places taken in queues, offers of 12 seconds, one event called
            off with all its bookings, {SignUps} sign-ups. {connections} connections; {ChangingCrowd.People} people who
            book in each of {Events} events, cancel and book again; half of the events have {Scarce} tickets. One silo,
            PostgreSQL with fsync.

            | | `verify` says |
            | --- | --- |
            | in the middle of the load{(isMeanwhile ? "" : " (which was over by the time it ended)")} | {meanwhile} |
            | after it, in {verified.TotalSeconds:F1} s with the start of its process | {after} |

            {buyers} people hold a booking, {repeatBuyers} of them two or more; {conversions} bookings came from a
            queue.

            Repeat: `dotnet run -c Release --project tests/EventFlux.Benchmarks -- verify-load`

            """);
        await Results.SaveAsync("verify-load", report);
        return (meanwhile, after) == ("0 differences", "0 differences") ? 0 : 1;
    }

    /// <summary>What it prints, line by line, told by its exit code, too.</summary>
    private static async Task<string> VerifyAsync(Bench bench)
    {
        var environment = new Dictionary<string, string?>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production", ["DATABASE_URL"] = bench.ConnectionString,
        };
        await using var verify = SiloProcess.Start(environment, "verify");
        var exitCode = await verify.WaitForExitAsync();
        var text = verify.Output.Trim().ReplaceLineEndings("<br>");
        if ((exitCode == 0) != (text == "0 differences"))
            throw new InvalidOperationException($"Exit code {exitCode}: {text}\n{verify.Errors}");
        return text;
    }
}
