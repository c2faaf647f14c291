using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace EventFlux.Tests.Chaos;

/// <summary>Finds out how long after a fault each of many events, spread over the cluster, can be booked
/// again.</summary>
internal sealed class RecoveryProbe(ChaosCluster cluster, Ledger ledger, Tally tally, IReadOnlyList<Guid> events)
{
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Events with room for more sales than a run makes.</summary>
    public static async Task<RecoveryProbe> CreateAsync(ChaosCluster cluster, Ledger ledger, Tally tally, int count)
    {
        var client = new ChaosClient(cluster, tally, repeats: true);
        var events = new List<Guid>();
        for (var number = 0; number < count; number++)
            events.Add(await MixedLoad.CreateEventAsync(cluster, client, 100_000));
        return new(cluster, ledger, tally, events);
    }

    public Guid AnyEvent() => events[Random.Shared.Next(events.Count)];

    /// <summary>Books each event through these nodes until it succeeds.</summary>
    /// <param name="fault">When the fault struck, as a timestamp.</param>
    /// <returns>From the fault until the last of the events was sold again.</returns>
    public async Task<TimeSpan> MeasureAsync(IReadOnlyList<ChaosNode> through, long fault, TimeSpan giveUpAfter)
    {
        var times = await Task.WhenAll(events.Select(id => MeasureAsync(id, through, fault, giveUpAfter)));
        return times.Max();
    }

    private async Task<TimeSpan> MeasureAsync(
        Guid eventId, IReadOnlyList<ChaosNode> through, long fault, TimeSpan giveUpAfter)
    {
        for (var attempt = Random.Shared.Next(through.Count); ; attempt++)
        {
            var sold = await TryAsync(eventId, through[attempt % through.Count].Http);
            var elapsed = TimeProvider.System.GetElapsedTime(fault);
            if (sold) return elapsed;
            if (elapsed > giveUpAfter)
                throw new InvalidOperationException($"An event can't be booked {elapsed.TotalSeconds:F0} s after.");
            await Task.Delay(Pause);
        }
    }

    private async Task<bool> TryAsync(Guid eventId, HttpClient http)
    {
        tally.Sent();
        var user = Guid.NewGuid();
        using var timeout = new CancellationTokenSource(AttemptTimeout);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/bookings")
        {
            Content = new StringContent(
                JsonSerializer.Serialize(new { event_id = eventId, quantity = 1 }), Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", cluster.Tokens.Issue(user));
        try
        {
            using var answer = await http.SendAsync(request, timeout.Token);
            if ((int)answer.StatusCode != 201) return false;
            var json = await answer.Content.ReadAsStringAsync(timeout.Token);
            tally.Acknowledge();
            var id = JsonDocument.Parse(json).RootElement.GetProperty("id").GetGuid();
            ledger.Sales.Add(new Sale(id, user, eventId, 1));
            return true;
        }
        catch (Exception silent) when (silent is HttpRequestException or OperationCanceledException or IOException)
        {
            return false;
        }
    }
}
