using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using EventFlux.Contracts.Users;
using EventFlux.Silo.Hosting;
using EventFlux.Tests.Fixtures;
using Npgsql;

namespace EventFlux.Benchmarks;

/// <summary>What the loss of one of three silos does to 5,000 active events, with each grain directory: how many have
/// to be read from the database again, and how long it takes until all have been sold again.</summary>
internal static class DirectoryScenario
{
    private const int Events = 5_000;
    private const int Workers = 32;

    public static async Task RunAsync(ScenarioOptions options)
    {
        var rows = new StringBuilder();
        foreach (var directory in Enum.GetValues<GrainDirectoryKind>())
        {
            foreach (var kill in (bool[])[true, false])
            {
                var row = await MeasureAsync(directory, kill);
                Console.WriteLine(row);
                rows.AppendLine(row);
            }
        }

        await Results.SaveAsync("directory", $"""
            # directory

            Three silos and PostgreSQL on one machine with {Environment.ProcessorCount} processors, {Events} events in
            memory. A pass books each event once over the silos that stay, {Workers} at a time, repeating what got a
            503. Read again: events that were loaded from the database during the pass (a third lived on the lost silo).

            | directory | lost by | pass before s | pass after s | read again | 503s or no answer |
            | --- | --- | ---: | ---: | ---: | ---: |
            {rows}
            Repeat: `dotnet run -c Release --project tests/EventFlux.Benchmarks -- directory`

            """, options.IsTrial);
    }

    private static async Task<string> MeasureAsync(GrainDirectoryKind directory, bool kill)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"eventflux-bench-{Guid.NewGuid():N}");
        await using var postgres = await LocalPostgres.StartAsync(new LocalPostgresOptions { Directory = folder });
        await new MigrationRunner(postgres.ConnectionString, MigrationScript.Embedded()).RunAsync();
        await using var database = NpgsqlDataSource.Create(postgres.ConnectionString);
        var tokens = new TokenMint();
        var silos = new List<SiloProcess>();
        try
        {
            for (var number = 0; number < 3; number++)
                silos.Add(await StartAsync(directory, postgres.ConnectionString, tokens.Secret));
            var events = await CreateEventsAsync(silos, tokens);
            var stay = silos.Take(2).ToArray();
            var before = await PassAsync(stay, events, tokens, database);
            if (kill) silos[2].Kill();
            else silos[2].Terminate();
            var after = await PassAsync(stay, events, tokens, database);
            return string.Create(
                CultureInfo.InvariantCulture,
                $"| {directory} | {(kill ? "SIGKILL" : "SIGTERM")} | {before.Took.TotalSeconds:F1} "
                + $"| {after.Took.TotalSeconds:F1} | {after.Loads} | {after.Repeats} |");
        }
        finally
        {
            foreach (var silo in silos) await silo.DisposeAsync();
        }
    }

    private static Task<SiloProcess> StartAsync(GrainDirectoryKind directory, string databaseUrl, string secret) =>
        SiloProcess.StartReadyAsync(
            new Dictionary<string, string?>
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["DATABASE_URL"] = databaseUrl,
                ["JWT_SECRET"] = secret,
                ["SILO_HOST"] = "127.0.0.1",
                ["SHUTDOWN_DRAIN_SECONDS"] = "0",
                ["RATE_LIMIT_ENABLED"] = "false",
            },
            "EventFlux.Benchmarks.dll", DirectorySilo.Verb, $"{directory}");

    private static async Task<Guid[]> CreateEventsAsync(List<SiloProcess> silos, TokenMint tokens)
    {
        var (created, token) = (new ConcurrentBag<Guid>(), tokens.Issue(Guid.NewGuid(), UserRole.Admin));
        var date = TimeProvider.System.GetUtcNow().AddDays(30);
        var body = JsonSerializer.Serialize(
            new { name = "A concert", venue = "A hall", event_date = date, capacity = 100, price = 10m });
        await Parallel.ForAsync(0, Events, AtOnce(), async (number, _) =>
        {
            using var answer = await SendAsync(silos[number % silos.Count].Http, "/api/events", body, token);
            answer.EnsureSuccessStatusCode();
            var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(CancellationToken.None));
            created.Add(json.RootElement.GetProperty("id").GetGuid());
        });
        return [.. created];
    }

    private static async Task<(TimeSpan Took, long Loads, int Repeats)> PassAsync(
        SiloProcess[] silos, Guid[] events, TokenMint tokens, NpgsqlDataSource database)
    {
        var (loads, begun, repeats) = (await LoadsAsync(database), TimeProvider.System.GetTimestamp(), 0);
        await Parallel.ForAsync(0, events.Length, AtOnce(), async (number, _) =>
        {
            var body = JsonSerializer.Serialize(new { event_id = events[number], quantity = 1 });
            var token = tokens.Issue(Guid.NewGuid());
            for (var attempt = number; ; attempt++)
            {
                using var answer = await SendAsync(silos[attempt % 2].Http, "/api/bookings", body, token);
                if (answer.StatusCode == HttpStatusCode.Created) return;
                if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
                    throw new InvalidOperationException($"Answered {(int)answer.StatusCode}.");
                Interlocked.Increment(ref repeats);
                await Task.Delay(TimeSpan.FromMilliseconds(100), CancellationToken.None);
            }
        });
        var took = TimeProvider.System.GetElapsedTime(begun);
        return (took, await LoadsAsync(database) - loads, repeats);
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, string path, string body, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await http.SendAsync(request);
    }

    /// <summary>An activation looks its event up, by one index or another; a booking never does.</summary>
    private static async Task<long> LoadsAsync(NpgsqlDataSource database)
    {
        // PostgreSQL's backends tell their counts when they have been idle for a moment.
        await Task.Delay(TimeSpan.FromSeconds(12));
        await using var command = database.CreateCommand(
            "SELECT seq_scan + idx_scan FROM pg_stat_user_tables WHERE relname = 'events'");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static ParallelOptions AtOnce() => new() { MaxDegreeOfParallelism = Workers };
}
