using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using EventFlux.Tests.Fixtures;
using Npgsql;

namespace EventFlux.Tests.Fuzzing;

/// <summary>The silo that is fuzzed, and what is known of its inside.</summary>
/// <param name="Secrets">May neither be answered nor logged.</param>
internal sealed record FuzzTarget(
    SiloProcess Silo, NpgsqlDataSource Database, ReadOnlyMemory<byte> JwtSecret, IReadOnlyList<string> Secrets)
{
    public string Host => Silo.Http.BaseAddress!.Host;
}

/// <summary>Sends requests derived from a silo's own OpenAPI document, and judges each answer.</summary>
internal sealed class FuzzRun(FuzzTarget target, int seed)
{
    /// <summary>So few at once that no answer may be 503 for want of room.</summary>
    private const int Workers = 6;

    private const int RequestsOfWorld = 400;

    /// <summary>A 503 says to come again, which a silo that shares few processors with other programs may have to say.
    /// One that is still there after these many times has another cause.</summary>
    private const int Repeats = 8;

    /// <summary>Past it an answer counts as a hang. Wide, since silo, database and fuzzer may share few
    /// processors.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ForgedTokens _tokens = new(target.JwtSecret, TimeProvider.System);

    public FuzzTally Tally { get; } = new();

    /// <summary>Sends the requests with these numbers.</summary>
    /// <param name="afterWorld">Called between worlds, while nothing is sent.</param>
    public async Task SendAsync(int first, int count, Func<int, Task>? afterWorld = null)
    {
        var document = ApiDocument.Parse(await target.Silo.Http.GetStringAsync("/openapi/v1.json"));
        var password = document.Operations.SelectMany(operation => operation.Body ?? [])
            .First(member => member.Name == "current_password").Example!.Trim('"');
        var rules = new AnswerRules(document, target.Secrets);
        var maker = new RequestMaker(document, _tokens, TimeProvider.System, seed);
        var clients = Enumerable.Range(0, Workers).Select(_ => new WireClient(target.Host, target.Silo.Port)).ToArray();
        try
        {
            for (var from = first; from < first + count; from += RequestsOfWorld)
            {
                var world = await CreateWorldAsync(password);
                var (next, end) = (from - 1, Math.Min(from + RequestsOfWorld, first + count));
                await Task.WhenAll(clients.Select(async client =>
                {
                    while (Interlocked.Increment(ref next) is var number && number < end)
                        await SendAsync(client, maker.Make(number, world), rules);
                }));
                if (afterWorld is not null) await afterWorld(end - first);
            }
        }
        finally
        {
            foreach (var client in clients) client.Dispose();
        }
    }

    /// <summary>Judges what stays behind: the database, the log, connections, and that the silo still serves.</summary>
    /// <param name="before">Before the first request.</param>
    public async Task JudgeRemainsAsync(SiloVitals before)
    {
        foreach (var rule in await DatabaseRules.BrokenAsync(target.Database)) Tally.Report(rule);
        foreach (var fault in SiloLog.FaultsOf(target.Silo, target.Secrets)) Tally.Report(fault);
        if (await target.Silo.ReadinessAsync() != HttpStatusCode.OK) Tally.Report("the silo is not ready");

        // Pools of threads and connections may be warm now; what was opened for each client must be gone.
        var most = (Handles: before.Handles + 60, Threads: before.Threads + 30);
        SiloVitals? after = null;
        try
        {
            await Wait.UntilAsync(
                () => (after = SiloVitals.Read(target.Silo.Id)).Handles <= most.Handles
                    && after.Threads <= most.Threads,
                TimeSpan.FromSeconds(20), () => $"before {before}, after {after}");
        }
        catch (InvalidOperationException fault)
        {
            Tally.Report($"handles or threads are left behind: {fault.Message}");
        }
    }

    private async Task<FuzzWorld> CreateWorldAsync(string password)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await FuzzWorld.CreateAsync(target.Silo.Http, password, _tokens, TimeProvider.System);
            }
            catch (HttpRequestException busy) when (
                busy.StatusCode == HttpStatusCode.ServiceUnavailable && attempt < Repeats)
            {
                await Task.Delay(TimeSpan.FromSeconds(1));
            }
        }
    }

    private async Task SendAsync(WireClient client, FuzzRequest request, AnswerRules rules)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            var answers = await client.ExchangeAsync(request, Patience);
            Tally.Count(answers, Stopwatch.GetElapsedTime(started));
            for (var repeat = 0; repeat < Repeats && answers is [{ Status: 503 } busy]; repeat++)
            {
                await Task.Delay(TimeSpan.FromSeconds(int.Parse(busy.Header("Retry-After") ?? "0")));
                answers = await client.ExchangeAsync(request, Patience);
                Tally.Count(answers, Stopwatch.GetElapsedTime(started));
            }

            foreach (var fault in rules.FaultsOf(request, answers))
                Tally.Report(fault, request, answers.FirstOrDefault());
        }
        catch (Exception fault) when (fault is WireException or IOException or SocketException)
        {
            Tally.Count([], Stopwatch.GetElapsedTime(started));
            Tally.Report(fault.Message, request);
        }
    }
}
