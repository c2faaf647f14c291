using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace EventFlux.Tests.Faults;

/// <summary>
/// Stands between a silo and PostgreSQL on loopback. It breaks or stalls connections at a chosen moment of a commit
/// that holds a booking (its reference travels as text, so such a commit can be told from the bytes), or makes the
/// database slow.
/// </summary>
internal sealed class PostgresProxy : IAsyncDisposable
{
    private static readonly byte[] BookingMark = "EVT-"u8.ToArray();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopped = new();
    private readonly ConcurrentDictionary<Task, bool> _connections = new();
    private readonly int _serverPort;
    private readonly Func<Action<ReadOnlyMemory<byte>>>? _listen;
    private readonly Task _accepting;
    private int _fault;
    private int _faults;

    /// <param name="listen">Called for each connection; what it gives back hears what the client sends, before
    /// PostgreSQL does.</param>
    public PostgresProxy(int serverPort, Func<Action<ReadOnlyMemory<byte>>>? listen = null)
    {
        (_serverPort, _listen) = (serverPort, listen);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>What happens to the next commit that holds a booking.</summary>
    public enum Fault
    {
        None = 0,

        /// <summary>The connection breaks before PostgreSQL sees the commit.</summary>
        CutBeforeCommit = 1,

        /// <summary>PostgreSQL commits, but its answer is lost.</summary>
        LoseReply = 2,

        /// <summary>PostgreSQL gets the commit up to its booking and then nothing more, on a connection that stays
        /// open: what a silo leaves behind that is frozen between two packets.</summary>
        StallMidCommit = 3,
    }

    /// <summary>How late every answer of the database comes.</summary>
    public TimeSpan Delay { get; set; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many faults have struck.</summary>
    public int Faults => Volatile.Read(ref _faults);

    /// <summary>Arms one fault; it strikes once.</summary>
    public void Arm(Fault fault) => Volatile.Write(ref _fault, (int)fault);

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections.Keys);
        _stopped.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stopped.Token);
                _connections.TryAdd(ServeAsync(client), true);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        using (var cut = CancellationTokenSource.CreateLinkedTokenSource(_stopped.Token))
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _serverPort, cut.Token);
                client.NoDelay = server.NoDelay = true;
                var replies = new Replies();
                var pumps = new[]
                {
                    PumpRequestsAsync(client.GetStream(), server.GetStream(), replies, cut.Token),
                    PumpRepliesAsync(server.GetStream(), client.GetStream(), replies, cut.Token),
                };
                await Task.WhenAny(pumps);
                await cut.CancelAsync();
                await Task.WhenAll(pumps);
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException)
            {
                // Either side went away; both are closed.
            }
        }
    }

    private async Task PumpRequestsAsync(Stream from, Stream to, Replies replies, CancellationToken cancellationToken)
    {
        var buffer = new byte[256 * 1024];
        var hear = _listen?.Invoke();
        while (await from.ReadAsync(buffer, cancellationToken) is > 0 and var length)
        {
            var chunk = buffer.AsMemory(0, length);
            hear?.Invoke(chunk);
            var mark = chunk.Span.IndexOf(BookingMark);
            var fault = mark >= 0 ? (Fault)Interlocked.Exchange(ref _fault, 0) : Fault.None;
            if (fault != Fault.None) Interlocked.Increment(ref _faults);
            if (fault == Fault.CutBeforeCommit) return;
            if (fault == Fault.LoseReply) replies.AreLost = true;
            if (fault == Fault.StallMidCommit)
            {
                await to.WriteAsync(chunk[..mark], cancellationToken);
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            await to.WriteAsync(chunk, cancellationToken);
        }
    }

    private async Task PumpRepliesAsync(
        Stream from, Stream to, Replies replies, CancellationToken cancellationToken)
    {
        var buffer = new byte[256 * 1024];
        while (await from.ReadAsync(buffer, cancellationToken) is > 0 and var length)
        {
            var chunk = buffer.AsMemory(0, length);
            if (Delay > TimeSpan.Zero) await Task.Delay(Delay, cancellationToken);
            // ReadyForQuery ends the answer: 'Z', length 5, 'I' for idle, so the transaction is over.
            if (replies.AreLost && chunk.Span.EndsWith("Z\0\0\0\u0005I"u8)) return;
            if (!replies.AreLost) await to.WriteAsync(chunk, cancellationToken);
        }
    }

    private sealed class Replies
    {
        public volatile bool AreLost;
    }
}
