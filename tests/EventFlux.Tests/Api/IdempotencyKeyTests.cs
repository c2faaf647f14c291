using System.Net.Sockets;
using System.Text;

namespace EventFlux.Tests.Api;

/// <summary>What an <c>Idempotency-Key</c> may look like.</summary>
[Collection<SharedApi>]
public sealed class IdempotencyKeyTests(ApiFixture api)
{
    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("a\tb")]
    [InlineData("schlüssel")]
    public async Task MalformedKey_IsRefusedAndBooksNothing(string key)
    {
        var (user, eventId) = (api.NewUser(), await api.CreateEventAsync(capacity: 10));

        (await user.BookAsync(eventId, 1, key)).IsInvalid("Idempotency-Key");

        Assert.Equal(0, (await user.GetAsync("/api/bookings")).Is(200).Int("total"));
    }

    [Theory]
    [InlineData("/api/bookings")]
    [InlineData("/api/waitlist/join")]
    public async Task KeyOnTwoLines_IsRefused(string path)
    {
        var user = api.NewUser();
        var body = $$"""{"event_id": "{{await api.CreateEventAsync(capacity: 1)}}", "quantity": 1}""";
        // By hand: the client would join the lines into one.
        using var connection = new TcpClient();
        await connection.ConnectAsync("127.0.0.1", api.Client.BaseAddress!.Port, TestContext.Current.CancellationToken);
        await using var stream = connection.GetStream();
        var request = $"""
            POST {path} HTTP/1.1
            Host: localhost
            Authorization: Bearer {user.Token}
            Content-Type: application/json
            Content-Length: {body.Length}
            Idempotency-Key: one
            Idempotency-Key: one
            Connection: close

            {body}
            """;
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(request.ReplaceLineEndings("\r\n")), TestContext.Current.CancellationToken);

        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"errors\":{\"Idempotency-Key\":", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_OfAnyPrintableCharactersUpTo255_IsTaken()
    {
        var (user, eventId) = (api.NewUser(), await api.CreateEventAsync(capacity: 10));
        var printable = new string([.. Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code)]);
        var key = (printable + " " + printable + printable)[..255];

        (await user.BookAsync(eventId, 1, key + "x")).IsInvalid("Idempotency-Key");
        var first = (await user.BookAsync(eventId, 1, key)).Is(201);
        Assert.Equal(first.Id, (await user.BookAsync(eventId, 1, key)).Is(201).Id);
    }
}
