using System.Text;
using EventFlux.Tests.Api;
using EventFlux.Tests.Fixtures;

namespace EventFlux.Tests.Costs;

/// <summary>What a whole booking allocates, from its bytes to the bytes of its answer. Alone: it is counted in the
/// whole process.</summary>
[Collection(typeof(Alone))]
public sealed class RequestAllocationTests(ApiFixture api, ITestOutputHelper output) : IClassFixture<ApiFixture>
{
    private const int WarmUp = 1_000;
    private const int Bookings = 2_000;

    /// <summary>
    /// A quarter above what it was, for one request at a time: each is a commit of its own, the dearest case and
    /// the one that repeats.
    /// </summary>
    private const int BytesOfBooking = 72_000;

    [Fact]
    public async Task Booking_OverHttp_AllocatesABoundedNumberOfBytes()
    {
        var concert = await api.CreateEventAsync(capacity: WarmUp + Bookings);
        var requests = Enumerable.Range(0, WarmUp + Bookings).Select(_ => RequestOf(api.NewUser(), concert)).ToArray();
        using var connection = new BareConnection();
        await connection.OpenAsync(api.Client.BaseAddress!.Port);
        foreach (var request in requests[..WarmUp]) await connection.CreateAsync(request);
        var before = GC.GetTotalAllocatedBytes(precise: true);

        foreach (var request in requests.AsMemory(WarmUp).ToArray()) await connection.CreateAsync(request);

        var bytes = (GC.GetTotalAllocatedBytes(precise: true) - before) / Bookings;
        output.WriteLine($"a booking over HTTP: {bytes} bytes");
        Assert.InRange(bytes, 1, BytesOfBooking);
    }

    private static byte[] RequestOf(ApiCaller user, Guid concert)
    {
        var body = $$"""{"event_id":"{{concert}}","quantity":1}""";
        return Encoding.ASCII.GetBytes(
            $"POST /api/bookings HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {user.Token}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }
}
