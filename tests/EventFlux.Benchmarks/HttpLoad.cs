using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using EventFlux.Contracts.Users;

namespace EventFlux.Benchmarks;

/// <summary>What one round did.</summary>
/// <param name="DriverShare">The load driver's part of the machine's processors, 0 to 1.</param>
internal sealed record Round(
    long Accepted, TimeSpan Elapsed, double P50Milliseconds, double P99Milliseconds, double DriverShare)
{
    public double PerSecond => Accepted / Elapsed.TotalSeconds;
}

/// <summary>Books one event over HTTP, each request with another user's token. Any answer but 201 ends the
/// run.</summary>
internal sealed class HttpLoad(Bench bench, int connections) : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        MaxConnectionsPerServer = connections, UseCookies = false, AllowAutoRedirect = false, UseProxy = false,
    })
    {
        BaseAddress = bench.Silo.Http.BaseAddress,
    };

    public async Task<Guid> CreateEventAsync(int capacity)
    {
        var body = JsonSerializer.Serialize(new
        {
            name = "The hottest event", venue = "A hall", capacity, price = 10m,
            event_date = TimeProvider.System.GetUtcNow().AddDays(30),
        });
        using var answer = await SendAsync("/api/events", body, bench.NewToken(UserRole.Admin));
        answer.EnsureSuccessStatusCode();
        var json = await answer.Content.ReadAsStringAsync();
        return JsonDocument.Parse(json).RootElement.GetProperty("id").GetGuid();
    }

    /// <param name="tokens">One a request; made beforehand, so that signing them is no part of the round.</param>
    public async Task<Round> BookAsync(Guid eventId, IReadOnlyList<string> tokens, TimeSpan duration)
    {
        var body = JsonSerializer.Serialize(new { event_id = eventId, quantity = 1 });
        var (next, latencies) = (-1, new List<double>[connections]);
        using var process = Process.GetCurrentProcess();
        var (started, processor) = (Stopwatch.GetTimestamp(), process.TotalProcessorTime);
        await Task.WhenAll(Enumerable.Range(0, connections).Select(async worker =>
        {
            var mine = latencies[worker] = [];
            while (Stopwatch.GetElapsedTime(started) < duration)
            {
                var number = Interlocked.Increment(ref next);
                if (number >= tokens.Count) throw new InvalidOperationException("More tokens are needed for a round.");
                var sent = Stopwatch.GetTimestamp();
                using var answer = await SendAsync("/api/bookings", body, tokens[number]);
                if (answer.StatusCode != HttpStatusCode.Created)
                    throw new InvalidOperationException(
                        $"Answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
                mine.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            }
        }));
        var elapsed = Stopwatch.GetElapsedTime(started);
        process.Refresh();
        var share = (process.TotalProcessorTime - processor) / elapsed / Environment.ProcessorCount;
        var sorted = latencies.SelectMany(values => values).Order().ToArray();
        return new(
            sorted.Length, elapsed, sorted[sorted.Length / 2], sorted[(int)(sorted.Length * 0.99)], share);
    }

    public void Dispose() => _client.Dispose();

    private Task<HttpResponseMessage> SendAsync(string path, string body, string token)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return _client.SendAsync(request);
    }
}
