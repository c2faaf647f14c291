using EventFlux.Tests.Api;
using EventFlux.Tests.Faults;
using EventFlux.Tests.Fixtures;
using EventFlux.Tests.Secrets;

namespace EventFlux.Tests.Observability;

/// <summary>What a real silo sends by OTLP: one request can be followed to the SQL that made it durable, and nothing
/// says who asked.</summary>
public sealed class TraceTests(PostgresServer server) : SiloGroupTest(server)
{
    private const string Commit = "commit event";
    private const string Http = "Microsoft.AspNetCore";

    [Fact]
    public async Task Booking_LeadsFromHttpThroughGrainAndCommitToSql()
    {
        await using var collector = new OtlpReceiver(FreePorts.Next());
        var silo = await Silos.StartAsync(environment: collector.Environment);
        var concert = await Silos.CreateEventAsync(silo, capacity: 10);

        var (trace, caller) = (NewId(32), NewId(16));
        (await BookAsync(silo, concert, trace, caller)).Is(201);

        var spans = await SpansAsync(collector, trace, found => found.Any(span => span.ParentId == caller)
            && found.Any(span => span.Name == Commit));
        var commit = Assert.Single(spans, span => span.Name == Commit);
        Assert.Contains(spans, span => span.Source == "Npgsql" && span.ParentId == commit.SpanId);
        var path = PathTo(commit, spans);
        Assert.Equal(caller, path[^1].ParentId);
        Assert.StartsWith(Http, path[^1].Source, StringComparison.Ordinal);
        Assert.Equal("/api/bookings/", path[^1].Tags["http.route"]);
        // The call as its sender and its receiver saw it.
        Assert.Equal(2, path.Count(span => span.Source == "Microsoft.Orleans.Application"));
        Assert.Contains((trace, path[1].SpanId), commit.Links);
        Assert.Contains((trace, commit.SpanId), path[1].Links);
    }

    [Fact]
    public async Task CommitThatManyShare_IsOneSpanLinkedToEachBooking()
    {
        await using var collector = new OtlpReceiver(FreePorts.Next());
        var silo = await Silos.StartAsync(environment: collector.Environment);
        var concert = await Silos.CreateEventAsync(silo, capacity: 10);
        var traces = Enumerable.Range(0, 4).Select(_ => NewId(32)).ToArray();

        // The first commit waits for this lock, and whoever decides meanwhile shares the second.
        await using (var connection = await Database.DataSource.OpenConnectionAsync(Token))
        {
            await using var transaction = await connection.BeginTransactionAsync(Token);
            await using (var hold = new Npgsql.NpgsqlCommand(
                "SELECT * FROM event_inventory FOR UPDATE", connection, transaction))
                await hold.ExecuteNonQueryAsync(Token);
            var booked = traces.Select(trace => BookAsync(silo, concert, trace, NewId(16))).ToArray();
            await Scrape.ReadAsync(silo.Http, found => found.Value("eventflux_requests_under_way") == traces.Length);
            // From its arrival to the decision a request takes a moment, which nothing tells of.
            await Task.Delay(TimeSpan.FromMilliseconds(300), Token);
            await ReleaseAsync(transaction);
            foreach (var answer in await Task.WhenAll(booked)) answer.Is(201);
        }

        OtlpSpan? shared = null;
        await Wait.UntilAsync(
            () => (shared = collector.Spans.FirstOrDefault(span => span.Name == Commit && span.Links.Count > 1))
                is not null,
            TimeSpan.FromSeconds(20), () => string.Join('\n', collector.Spans));
        Assert.Subset(traces.ToHashSet(), shared!.Links.Select(link => link.TraceId).ToHashSet());
        Assert.Contains(shared.TraceId, shared.Links.Select(link => link.TraceId));
        foreach (var (trace, caller) in shared.Links)
        {
            var spans = await SpansAsync(collector, trace, found => found.Any(span => span.SpanId == caller));
            Assert.Contains(
                (shared.TraceId, shared.SpanId), spans.Single(span => span.SpanId == caller).Links);
        }
    }

    [Fact]
    public async Task SpansAndMetrics_SayNothingAboutPeople()
    {
        await using var collector = new OtlpReceiver(FreePorts.Next());
        var silo = await Silos.StartAsync(environment: collector.Environment);
        var concert = await Silos.CreateEventAsync(silo, capacity: 10);
        var (nobody, user) = (new ApiCaller(silo.Http, Guid.Empty, null), Silos.User(silo));
        silo.Http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", "Peculiar-Browser/7.31");
        var account = new
        {
            email = "marigold.whitby-8823@example.org", password = "a lighthouse keeper's song",
            first_name = "Marigoldine", last_name = "Whitby",
        };
        var registered = (await nobody.PostAsync("/api/auth/register", account)).Is(201).Json.GetProperty("user");
        (await nobody.PostAsync("/api/auth/login", new { account.email, account.password })).Is(200);
        (await nobody.PostAsync("/api/auth/login", new { account.email, password = "not-the-song-4711" })).Is(401);
        (await nobody.GetAsync("/api/events?search=zanzibarophone")).Is(200);
        var booking = (await user.BookAsync(concert, 1, "private-key-99821")).Is(201);
        var reference = booking.Text("booking_reference")!;
        (await user.GetAsync($"/api/bookings/reference/{reference}")).Is(200);
        (await user.GetAsync("/api/nowhere/chrysanthemum-4471")).Is(404);
        (await user.GetAsync($"/api/bookings/{booking.Id}")).Is(200);

        var trace = NewId(32);
        (await BookAsync(silo, concert, trace, NewId(16))).Is(201);
        await SpansAsync(collector, trace, found => found.Any(span => span.Name == Commit));
        await Wait.UntilAsync(
            () => collector.Text("/v1/metrics").Contains("eventflux.bookings.accepted", StringComparison.Ordinal),
            TimeSpan.FromSeconds(20), () => "No metrics came.");

        Secret[] secrets =
        [
            new("an address", account.email), new("a first name", account.first_name),
            new("a password", account.password), new("a wrong password", "not-the-song-4711"),
            new("a search", "zanzibarophone"), new("an idempotency key", "private-key-99821"),
            new("a booking's reference", reference), new("a path", "chrysanthemum-4471"),
            new("a browser", "Peculiar-Browser"), new("a token", user.Token!.Split('.')[2]),
            new("a user's id", $"{user.Id}"), new("a user's id as a grain's key", $"{user.Id:N}"),
            new("an account's id", registered.GetProperty("id").GetString()!),
            new("an account's id as a grain's key", $"{registered.GetProperty("id").GetGuid():N}"),
        ];
        Secret.AssertNone(secrets, collector.Text("/v1/traces"), "the spans");
        Secret.AssertNone(secrets, collector.Text("/v1/metrics"), "the metrics");
        Secret.AssertNone(
            [.. secrets, new("an event's id", $"{concert}")], (await Scrape.ReadAsync(silo.Http)).Text, "/metrics");
        // Statements are there, as the program has them, and what counts nowhere left no trace.
        Assert.Contains("INSERT INTO bookings", collector.Text("/v1/traces"), StringComparison.Ordinal);
        Assert.DoesNotContain(collector.Spans, span => span.Name.Contains("/health", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WithoutTheVariables_NothingIsSent()
    {
        await using var collector = new OtlpReceiver(FreePorts.Next());
        var silo = await Silos.StartAsync();
        var concert = await Silos.CreateEventAsync(silo, capacity: 10);
        (await Silos.User(silo).BookAsync(concert)).Is(201);
        silo.Terminate(); // A last batch would be sent at the end.
        await silo.WaitForExitAsync();

        Assert.Empty(collector.Spans);
    }

    /// <summary>After a second the silo takes the lock for one that was left behind, and ends it by itself.</summary>
    private static async Task ReleaseAsync(Npgsql.NpgsqlTransaction transaction)
    {
        try
        {
            await transaction.RollbackAsync(Token);
        }
        catch (Npgsql.NpgsqlException)
        {
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Task<ApiAnswer> BookAsync(SiloProcess silo, Guid concert, string trace, string caller)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/bookings")
        {
            Content = new StringContent(
                $$"""{"event_id":"{{concert}}","quantity":1}""", System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("traceparent", $"00-{trace}-{caller}-01");
        return Silos.User(silo).SendAsync(request);
    }

    private static async Task<IReadOnlyList<OtlpSpan>> SpansAsync(
        OtlpReceiver collector, string trace, Func<IReadOnlyList<OtlpSpan>, bool> isThere)
    {
        IReadOnlyList<OtlpSpan> spans = [];
        await Wait.UntilAsync(
            () => isThere(spans = [.. collector.Spans.Where(span => span.TraceId == trace)]),
            TimeSpan.FromSeconds(20), () => $"Only these came:\n{string.Join('\n', spans)}");
        return spans;
    }

    /// <summary>From a span up to the first of its silo.</summary>
    private static List<OtlpSpan> PathTo(OtlpSpan span, IReadOnlyList<OtlpSpan> spans)
    {
        var path = new List<OtlpSpan> { span };
        while (spans.FirstOrDefault(one => one.SpanId == path[^1].ParentId) is { } parent) path.Add(parent);
        return path;
    }

    private static string NewId(int length) =>
        System.Security.Cryptography.RandomNumberGenerator.GetHexString(length, lowercase: true);
}
