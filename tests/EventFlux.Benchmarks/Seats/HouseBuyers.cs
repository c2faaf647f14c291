using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace EventFlux.Benchmarks.Seats;

/// <summary>Groups of people who hold the best seats that are available, think, and book them; some let go. Each group
/// is another user. Safe for concurrent use.</summary>
internal sealed class HouseBuyers(Bench bench, Guid house, int seed)
{
    private const double GivesUp = 0.1;
    private const int LargestGroup = 6;
    private readonly Random _random = new(seed);
    private readonly Lock _lock = new();
    private long _requests;
    private int _soldOut;

    public long Booked;

    public long Requests => _requests;

    /// <summary>Until nothing is left for a group of one.</summary>
    public async Task BuyAsync()
    {
        while (Volatile.Read(ref _soldOut) == 0)
        {
            var (group, givesUp) = Draw();
            while (group > 0 && !await BuyAsync(group, givesUp)) group--;
            if (group == 0) Volatile.Write(ref _soldOut, 1);
        }
    }

    private (int Group, bool GivesUp) Draw()
    {
        lock (_lock) return (_random.Next(1, LargestGroup + 1), _random.NextDouble() < GivesUp);
    }

    /// <returns>Whether there were seats for so many.</returns>
    private async Task<bool> BuyAsync(int group, bool givesUp)
    {
        var token = bench.NewToken();
        var (status, hold) = await AskAsync(
            HttpMethod.Post, $"/api/events/{house}/holds", token, new { best_available = new { quantity = group } });
        if (status == HttpStatusCode.Conflict) return false;
        Expect(status, HttpStatusCode.Created, hold);
        if (hold.GetProperty("seats").GetArrayLength() != group)
            throw new InvalidOperationException($"{group} seats were asked for: {hold}");
        var id = hold.GetProperty("id").GetGuid();
        if (givesUp)
        {
            Expect((await AskAsync(
                HttpMethod.Delete, $"/api/events/{house}/holds/{id}", token)).Status, HttpStatusCode.NoContent, hold);
            return true;
        }

        var (booked, booking) = await AskAsync(
            HttpMethod.Post, "/api/bookings", token, new { event_id = house, hold_id = id });
        Expect(booked, HttpStatusCode.Created, booking);
        Interlocked.Add(ref Booked, 1);
        return true;
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> AskAsync(
        HttpMethod method, string path, string token, object? body = null)
    {
        Interlocked.Increment(ref _requests);
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = JsonContent.Create(body);
        request.Headers.Authorization = new("Bearer", token);
        using var answer = await bench.Silo.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }

    private static void Expect(HttpStatusCode status, HttpStatusCode expected, JsonElement body)
    {
        if (status != expected) throw new UnreachableException($"{status} {body}");
    }
}
