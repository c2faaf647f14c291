using System.Net;
using EventFlux.Silo.Seats;
using EventFlux.Tests.Api;
using Microsoft.Extensions.DependencyInjection;

namespace EventFlux.Tests.Seats;

/// <summary>What one address may open.</summary>
public sealed class StreamLimitTests(LimitedApiFixture api) : IClassFixture<LimitedApiFixture>
{
    [Fact]
    public async Task OpeningAStream_CountsAsAnyRequest()
    {
        var address = api.NewAddress();
        var path = $"/api/events/{Guid.NewGuid()}/availability/stream";
        for (var request = 0; request < LimitedApiFixture.GeneralLimit; request++)
            (await api.GetAsync(address, path)).IsRefusal(404, "EVENT_NOT_FOUND");

        (await api.GetAsync(address, path)).IsRefusal(429, "RATE_LIMIT_EXCEEDED");
    }

    [Fact]
    public void OpenStreams_OfAnAddress_AreBounded()
    {
        var streams = api.Services.GetRequiredService<StreamsByAddress>();
        var (one, another) = (IPAddress.Parse("192.0.2.1"), IPAddress.Parse("192.0.2.2"));
        var places = Enumerable.Range(0, StreamsByAddress.MaxStreams).Select(_ => streams.TryEnter(one)!).ToArray();

        Assert.All(places, Assert.NotNull);
        Assert.Null(streams.TryEnter(one));
        Assert.NotNull(streams.TryEnter(another));
        places[0].Dispose();
        Assert.NotNull(streams.TryEnter(one));
    }
}
