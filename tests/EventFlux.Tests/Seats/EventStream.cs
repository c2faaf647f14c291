using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;

namespace EventFlux.Tests.Seats;

/// <summary>A stream of server-sent events, as a browser reads it.</summary>
internal sealed class EventStream : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly IAsyncEnumerator<SseItem<string>> _items;

    private EventStream(HttpResponseMessage answer, Stream body)
    {
        Answer = answer;
        _items = SseParser.Create(body).EnumerateAsync().GetAsyncEnumerator();
    }

    public HttpResponseMessage Answer { get; }

    /// <summary>The last event's id.</summary>
    public string? LastId { get; private set; }

    public static async Task<EventStream> OpenAsync(
        HttpClient client, Guid eventId, string? lastId = null, long? since = null, string? token = null)
    {
        var query = since is null ? "" : $"?since={since}";
        var request = new HttpRequestMessage(HttpMethod.Get, $"/api/events/{eventId}/availability/stream{query}");
        if (lastId is not null) request.Headers.TryAddWithoutValidation("Last-Event-ID", lastId);
        if (token is not null) request.Headers.Authorization = new("Bearer", token);
        var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return new(answer, await answer.Content.ReadAsStreamAsync());
    }

    /// <summary>The next event's data.</summary>
    /// <exception cref="EndOfStreamException">There is none any more.</exception>
    public async Task<JsonElement> NextAsync(string kind = "availability")
    {
        if (!await _items.MoveNextAsync().AsTask().WaitAsync(Patience)) throw new EndOfStreamException();
        Assert.Equal(kind, _items.Current.EventType);
        LastId = _items.Current.EventId;
        return JsonDocument.Parse(_items.Current.Data).RootElement;
    }

    /// <summary>Applies events until they are as wanted.</summary>
    public async Task FollowAsync(ViewedSeats seats, Func<ViewedSeats, bool> isWanted)
    {
        while (!isWanted(seats)) seats.Apply(await NextAsync());
    }

    public ValueTask DisposeAsync()
    {
        // Not the reader: one that waits can't be ended otherwise.
        Answer.Dispose();
        return ValueTask.CompletedTask;
    }
}
