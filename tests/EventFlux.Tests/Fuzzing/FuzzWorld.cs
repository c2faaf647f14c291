using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace EventFlux.Tests.Fuzzing;

/// <summary>What exists for a while: callers, and things that belong to one of them. Requests change it, so it is made
/// anew every few hundred of them.</summary>
/// <param name="Events">On sale, sold out with a queue, a draft, and a cancelled one.</param>
/// <param name="Bookings">Those of <see cref="Caller.User"/>.</param>
/// <param name="MemberId">The only one who has an account.</param>
internal sealed record FuzzWorld(
    IReadOnlyDictionary<Caller, string> Tokens,
    IReadOnlyList<string> Events,
    IReadOnlyList<string> Bookings,
    IReadOnlyList<string> References,
    string MemberId,
    string MemberEmail)
{
    /// <exception cref="HttpRequestException">One of the answers was no 2xx.</exception>
    /// <param name="password">Of the member: the document's own example, so that a call by the book changes it.</param>
    public static async Task<FuzzWorld> CreateAsync(
        HttpClient client, string password, ForgedTokens tokens, TimeProvider time)
    {
        var callers = new Dictionary<Caller, string>
        {
            [Caller.User] = tokens.Good(Guid.NewGuid(), "user"),
            [Caller.Stranger] = tokens.Good(Guid.NewGuid(), "user"),
            [Caller.Admin] = tokens.Good(Guid.NewGuid(), "admin"),
        };
        var email = $"{Guid.NewGuid():N}@example.org";
        var session = await SendAsync(
            HttpMethod.Post, "auth/register", null,
            new { email, password, first_name = "Ada", last_name = "Moss" });
        callers[Caller.Member] = session.GetProperty("token").GetString()!;

        var date = time.GetUtcNow().AddDays(30);
        var events = new List<string>();
        (int Capacity, string Status)[] wanted = [(1000, "active"), (2, "active"), (10, "draft"), (10, "active")];
        foreach (var (capacity, status) in wanted)
            events.Add(IdOf(await SendAsync(
                HttpMethod.Post, "events", callers[Caller.Admin],
                new { name = "A concert", venue = "A hall", event_date = date, capacity, price = 10m, status })));
        await SendAsync(HttpMethod.Put, $"events/{events[3]}", callers[Caller.Admin], new { status = "cancelled" });

        var bookings = new List<JsonElement>();
        foreach (var sold in events.Take(2))
            bookings.Add(await SendAsync(
                HttpMethod.Post, "bookings", callers[Caller.User], new { event_id = sold, quantity = 2 }));
        await SendAsync(
            HttpMethod.Post, "waitlist/join", callers[Caller.Stranger], new { event_id = events[1], quantity = 1 });

        return new(
            callers, events, [.. bookings.Select(IdOf)],
            [.. bookings.Select(booking => booking.GetProperty("booking_reference").GetString()!)],
            IdOf(session.GetProperty("user")), email);

        async Task<JsonElement> SendAsync(HttpMethod method, string path, string? token, object body)
        {
            using var request = new HttpRequestMessage(method, "/api/" + path) { Content = JsonContent.Create(body) };
            if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var answer = await client.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            return answer.IsSuccessStatusCode
                ? JsonDocument.Parse(text).RootElement
                : throw new HttpRequestException($"{method} {path} answered {text}", null, answer.StatusCode);
        }
    }

    private static string IdOf(JsonElement thing) => thing.GetProperty("id").GetString()!;
}
