using System.IO.Pipelines;
using System.Text;
using EventFlux.Contracts.Seats;
using EventFlux.Silo.Seats;
using EventFlux.Tests.Fixtures;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace EventFlux.Tests.Seats;

/// <summary>A client that opens a stream and doesn't read it.</summary>
public sealed class SlowClientTests
{
    /// <summary>What the server buffers for one response.</summary>
    private const int ServerBuffer = 64 * 1024;

    private const int Seats = 200_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ClientThatTakesNothing_HoldsLittleBack_DelaysNobody_AndIsDroppedInTheEnd()
    {
        var (sale, clock, id) = (new AskedSale(Seats), new FakeTimeProvider(), Guid.NewGuid());
        using var feed = new AvailabilityFeed(
            sale.WatchAsync, TimeProvider.System, NullLogger<AvailabilityFeed>.Instance);
        var idle = new Client();
        var streaming = StreamTo(idle, feed.Follow(id), clock, Token);
        using var reader = feed.Follow(id);

        for (var seat = 0; seat < 5; seat++)
        {
            sale.Set(seat, SeatState.Held);
            Assert.True(await reader.ReachAsync(sale.Version, Token).WaitAsync(Patience, Token));
        }

        Assert.InRange(idle.Buffered, ServerBuffer, ServerBuffer + (16 * 1024));
        Assert.False(streaming.IsCompleted);
        await Wait.UntilAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                return idle.IsAborted;
            },
            Patience, () => "not dropped");
        await streaming.WaitAsync(Patience, Token);
        reader.Dispose();
        Assert.Equal(0, feed.Followers);
    }

    [Fact]
    public async Task ClientThatReadsLate_GetsTheRestInOnePiece()
    {
        var (sale, id) = (new AskedSale(Seats), Guid.NewGuid());
        using var feed = new AvailabilityFeed(
            sale.WatchAsync, TimeProvider.System, NullLogger<AvailabilityFeed>.Instance);
        var late = new Client();
        var streaming = StreamTo(late, feed.Follow(id), new FakeTimeProvider(), Token);
        using var reader = feed.Follow(id);
        await Wait.UntilAsync(() => late.Buffered > ServerBuffer / 2, Patience, () => $"{late.Buffered} bytes");
        for (var seat = 0; seat < 4; seat++)
        {
            sale.Set(seat, SeatState.Booked);
            await reader.ReachAsync(sale.Version, Token);
        }

        var text = "";
        while (!text.Contains($"id: {sale.Version}\n", StringComparison.Ordinal)) text += await late.ReadAsync(Token);

        Assert.Equal(2, text.Split("event: availability").Length - 1);
        Assert.EndsWith("[[0,\"B\"],[1,\"B\"],[2,\"B\"],[3,\"B\"]]}\n\n", text, StringComparison.Ordinal);
        late.Leave();
        await streaming.WaitAsync(Patience, Token);
    }

    [Fact]
    public async Task Silence_IsBrokenByASignOfLife()
    {
        var (sale, clock) = (new AskedSale(10), new FakeTimeProvider());
        using var feed = new AvailabilityFeed(
            sale.WatchAsync, TimeProvider.System, NullLogger<AvailabilityFeed>.Instance);
        var client = new Client();
        var follower = feed.Follow(Guid.NewGuid());
        await follower.ReachAsync(1, Token);
        using var stopping = new CancellationTokenSource();
        var streaming = StreamTo(client, follower, clock, stopping.Token);
        var text = "";
        await Wait.UntilAsync(
            async () =>
            {
                clock.Advance(TimeSpan.FromSeconds(5));
                return (text += await client.ReadAsync(Token)).EndsWith("\n\n:\n\n", StringComparison.Ordinal);
            },
            Patience, () => text);

        await stopping.CancelAsync();
        await streaming.WaitAsync(Patience, Token);
        Assert.False(client.IsAborted);
    }

    private static async Task StreamTo(
        Client client, AvailabilityFollower follower, TimeProvider time, CancellationToken stopping)
    {
        await follower.ReachAsync(1, Token);
        await new AvailabilityStream(follower, new MemoryStream(), null, time, stopping).ExecuteAsync(client.Context);
    }

    /// <summary>The other end of a response, with the server's buffer between.</summary>
    private sealed class Client : IHttpResponseBodyFeature, IHttpRequestLifetimeFeature
    {
        private readonly Pipe _pipe = new(
            new(pauseWriterThreshold: ServerBuffer, resumeWriterThreshold: ServerBuffer / 2));

        private readonly CancellationTokenSource _aborted = new();
        private long _written;
        private long _read;

        public Client()
        {
            Writer = new CountingWriter(_pipe.Writer, bytes => _written += bytes);
            Context = new DefaultHttpContext();
            Context.Features.Set<IHttpResponseBodyFeature>(this);
            Context.Features.Set<IHttpRequestLifetimeFeature>(this);
        }

        public DefaultHttpContext Context { get; }

        public bool IsAborted { get; private set; }

        public long Buffered => _written - _read;

        public PipeWriter Writer { get; }

        public Stream Stream => Writer.AsStream();

        public CancellationToken RequestAborted
        {
            get => _aborted.Token;
            set => throw new NotSupportedException();
        }

        public void Abort()
        {
            IsAborted = true;
            _aborted.Cancel();
        }

        public void Leave() => _aborted.Cancel();

        /// <summary>What has come; nothing where nothing has.</summary>
        public async Task<string> ReadAsync(CancellationToken cancellationToken)
        {
            await Task.Yield();
            if (!_pipe.Reader.TryRead(out var result))
            {
                await Task.Delay(10, cancellationToken);
                return "";
            }

            var text = Encoding.UTF8.GetString(result.Buffer);
            _read += result.Buffer.Length;
            _pipe.Reader.AdvanceTo(result.Buffer.End);
            return text;
        }

        public void DisableBuffering()
        {
        }

        public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

        public Task SendFileAsync(
            string path, long offset, long? count, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public Task CompleteAsync() => Task.CompletedTask;
    }

    private sealed class CountingWriter(PipeWriter inner, Action<int> count) : PipeWriter
    {
        public override void Advance(int bytes)
        {
            count(bytes);
            inner.Advance(bytes);
        }

        public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
            inner.FlushAsync(cancellationToken);

        public override ValueTask<FlushResult> WriteAsync(
            ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
        {
            count(source.Length);
            return inner.WriteAsync(source, cancellationToken);
        }
    }
}
