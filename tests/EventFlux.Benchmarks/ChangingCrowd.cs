using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using EventFlux.Contracts.Users;

namespace EventFlux.Benchmarks;

/// <summary>People who book in all of some events, cancel, queue where it is full, and book again, over HTTP. Each is
/// one worker's, which so knows what they hold. Any answer that the rules don't explain ends the run.</summary>
internal sealed class ChangingCrowd(Bench bench, int connections) : IDisposable
{
    public const int People = 2_000;

    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        MaxConnectionsPerServer = connections, UseCookies = false, AllowAutoRedirect = false, UseProxy = false,
    })
    {
        BaseAddress = bench.Silo.Http.BaseAddress,
    };

    private readonly string _admin = bench.NewToken(UserRole.Admin);
    private readonly string[] _tokens = [.. Enumerable.Range(0, People).Select(_ => bench.NewToken())];
    private readonly Random[] _random = [.. Enumerable.Range(0, connections).Select(worker => new Random(worker))];
    private readonly List<Guid> _events = [];
    private Guid[,] _held = new Guid[0, 0];
    private long _booked;
    private long _cancelled;
    private long _queued;

    public long Booked => Interlocked.Read(ref _booked);

    /// <summary>By their owners.</summary>
    public long Cancelled => Interlocked.Read(ref _cancelled);

    public long Queued => Interlocked.Read(ref _queued);

    /// <param name="scarce">Tickets of every second event; of the others there are enough for all.</param>
    public async Task CreateEventsAsync(int events, int scarce)
    {
        for (var i = 0; i < events; i++)
        {
            var capacity = i % 2 == 0 ? 10 * People : scarce;
            var (status, answer) = await SendAsync(HttpMethod.Post, "/api/events", _admin, new
            {
                name = $"Event {i}", venue = "A hall", capacity, price = 10m + i,
                event_date = TimeProvider.System.GetUtcNow().AddDays(30),
            });
            Expect(status == HttpStatusCode.Created, status, answer);
            _events.Add(answer.GetProperty("id").GetGuid());
        }

        _held = new Guid[People, events];
    }

    public async Task SignUpAsync(int users)
    {
        for (var i = 0; i < users; i++)
        {
            var (status, answer) = await SendAsync(HttpMethod.Post, "/api/auth/register", null, new
            {
                email = $"{i}@example.org", password = "correct horse battery", first_name = "Ada", last_name = "Moss",
            });
            Expect(status == HttpStatusCode.Created, status, answer);
        }
    }

    /// <summary>Until that many bookings and cancellations are acknowledged in all.</summary>
    public Task ChangeAsync(long changes) => Task.WhenAll(Enumerable.Range(0, connections).Select(async worker =>
    {
        var random = _random[worker];
        while (Booked + Cancelled < changes)
        {
            var person = (random.Next(People / connections) * connections) + worker;
            await ChangeAsync(person, random.Next(_events.Count), random.Next(1, 5));
        }
    }));

    public async Task CallOffOneAsync()
    {
        var (status, answer) = await SendAsync(
            HttpMethod.Put, $"/api/events/{_events[0]}", _admin, new { status = "cancelled" });
        Expect(status == HttpStatusCode.OK, status, answer);
    }

    public void Dispose() => _client.Dispose();

    private async Task ChangeAsync(int person, int place, int quantity)
    {
        if (_held[person, place] is var booking && booking != Guid.Empty)
        {
            var (cancelled, why) = await SendAsync(
                HttpMethod.Put, $"/api/bookings/{booking}/cancel", _tokens[person], body: null);
            Expect(cancelled == HttpStatusCode.OK, cancelled, why);
            _held[person, place] = Guid.Empty;
            Interlocked.Increment(ref _cancelled);
            return;
        }

        var wish = new { event_id = _events[place], quantity };
        var (status, answer) = await SendAsync(HttpMethod.Post, "/api/bookings", _tokens[person], wish);
        if (status == HttpStatusCode.Created)
        {
            _held[person, place] = answer.GetProperty("id").GetGuid();
            Interlocked.Increment(ref _booked);
            return;
        }

        Expect(status == HttpStatusCode.Conflict, status, answer);
        (status, answer) = await SendAsync(HttpMethod.Post, "/api/waitlist/join", _tokens[person], wish);
        Expect(status is HttpStatusCode.Created or HttpStatusCode.Conflict, status, answer);
        if (status == HttpStatusCode.Created) Interlocked.Increment(ref _queued);
    }

    private async Task<(HttpStatusCode Status, JsonElement Answer)> SendAsync(
        HttpMethod method, string path, string? token, object? body)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await _client.SendAsync(request);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return (answer.StatusCode, json.RootElement.Clone());
    }

    private static void Expect(bool holds, HttpStatusCode status, JsonElement answer)
    {
        if (!holds) throw new InvalidOperationException($"Answered {(int)status}: {answer}");
    }
}
