using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace EventFlux.Tests.Chaos;

/// <summary>An answer that ends a call.</summary>
/// <param name="MayHaveActed">Whether an earlier try of the same call got no answer, so that this one may tell of what
/// that one did.</param>
internal sealed record ChaosAnswer(int Status, JsonElement Json, bool MayHaveActed)
{
    public string? Code => Text("code");

    public Guid Id => Json.GetProperty("id").GetGuid();

    public string? Text(string member) =>
        Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty(member, out var value) ? value.GetString() : null;

    /// <inheritdoc/>
    public override string ToString() => $"{Status} {Json}";
}

/// <summary>Calls the cluster as a good client does: any silo; after a 503 or no answer the same request again, with
/// its key, on another. Safe for concurrent use.</summary>
/// <param name="repeats">Whether it repeats at all. Without, it calls ready silos only, and anything but an answer is a
/// surprise.</param>
internal sealed class ChaosClient(ChaosCluster cluster, Tally tally, bool repeats)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <returns>The final answer, or null when there never was one.</returns>
    public async Task<ChaosAnswer?> CallAsync(
        HttpMethod method, string path, string? token = null, object? body = null, string? key = null)
    {
        var (begun, mayHaveActed) = (TimeProvider.System.GetTimestamp(), false);
        while (TimeProvider.System.GetElapsedTime(begun) < Patience)
        {
            var node = repeats ? cluster.Any() : cluster.AnyReady();
            var (answer, fault) = node is null ? (null, "no silo is ready") : await TryAsync(node.Http, Request);
            if (answer is not null && answer.Status != 503) return answer with { MayHaveActed = mayHaveActed };
            if (!repeats)
            {
                tally.Surprise($"{method} {path} on {node?.Name}: {answer?.ToString() ?? fault}");
                return null;
            }

            mayHaveActed = true;
            tally.Retry();
            await Task.Delay(Random.Shared.Next(50, 250));
        }

        tally.GiveUp();
        return null;

        HttpRequestMessage Request()
        {
            var request = new HttpRequestMessage(method, path);
            if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            if (key is not null) request.Headers.Add("Idempotency-Key", key);
            if (body is not null)
                request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
            return request;
        }
    }

    private async Task<(ChaosAnswer? Answer, string Fault)> TryAsync(HttpClient http, Func<HttpRequestMessage> create)
    {
        tally.Sent();
        try
        {
            using var request = create();
            using var response = await http.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            var json = text.Length > 0 ? JsonDocument.Parse(text).RootElement : default;
            return (new ChaosAnswer((int)response.StatusCode, json, false), "");
        }
        catch (Exception silent) when (silent is HttpRequestException or OperationCanceledException or IOException)
        {
            return (null, silent.Message);
        }
    }
}
