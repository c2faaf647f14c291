using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace EventFlux.Tests.Api;

/// <summary>Somebody who calls the API: a user with a token, or nobody. Safe for concurrent use.</summary>
public sealed class ApiCaller(HttpClient client, Guid id, string? token)
{
    public Guid Id => id;

    public string? Token => token;

    public Task<ApiAnswer> GetAsync(string path) => SendAsync(new(HttpMethod.Get, path));

    public Task<ApiAnswer> PutAsync(string path, object? body = null) =>
        SendAsync(new(HttpMethod.Put, path) { Content = Content(body) });

    public Task<ApiAnswer> DeleteAsync(string path) => SendAsync(new(HttpMethod.Delete, path));

    /// <param name="body">An object to be written as JSON, or a text to be sent as it is.</param>
    /// <param name="keys">A line of <c>Idempotency-Key</c> each.</param>
    public Task<ApiAnswer> PostAsync(string path, object? body, params string[] keys)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Content(body) };
        foreach (var key in keys) request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return SendAsync(request);
    }

    public Task<ApiAnswer> BookAsync(Guid eventId, int quantity = 1, params string[] keys) =>
        PostAsync("/api/bookings", new { event_id = eventId, quantity }, keys);

    public Task<ApiAnswer> CancelAsync(Guid bookingId) => PutAsync($"/api/bookings/{bookingId}/cancel");

    public Task<ApiAnswer> JoinAsync(Guid eventId, int quantity = 1, params string[] keys) =>
        PostAsync("/api/waitlist/join", new { event_id = eventId, quantity }, keys);

    public Task<ApiAnswer> LeaveAsync(Guid eventId) => DeleteAsync($"/api/waitlist/{eventId}");

    /// <summary>Sends the text as it is, under that content type.</summary>
    public Task<ApiAnswer> SendAsync(
        HttpMethod method, string path, string? body, string? contentType = "application/json")
    {
        var request = new HttpRequestMessage(method, path);
        if (body is null) return SendAsync(request);

        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return SendAsync(request);
    }

    public async Task<ApiAnswer> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            return await ApiAnswer.ReadAsync(await client.SendAsync(request));
        }
    }

    private static StringContent? Content(object? body) => body is null
        ? null
        : new(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
}
