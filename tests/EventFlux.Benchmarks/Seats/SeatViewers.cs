using System.Net.Sockets;
using System.Text;

namespace EventFlux.Benchmarks.Seats;

/// <summary>People with an event's stream open, each on a connection of its own. They read, but hardly look: the
/// processors are the silo's.</summary>
internal sealed class SeatViewers : IDisposable
{
    private static readonly byte[] SoldOut = "\"available_tickets\":0,"u8.ToArray();

    private readonly List<Socket> _sockets = [];
    private readonly List<Task> _readers = [];
    private long _bytes;
    private int _told;

    /// <summary>That came in all.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Those who have heard that nothing is left.</summary>
    public int Told => Volatile.Read(ref _told);

    public static async Task<SeatViewers> OpenAsync(int port, Guid eventId, int count)
    {
        var viewers = new SeatViewers();
        var request = Encoding.ASCII.GetBytes(
            $"GET /api/events/{eventId}/availability/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
        for (var i = 0; i < count; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync("127.0.0.1", port);
            await socket.SendAsync(request);
            viewers._sockets.Add(socket);
            var buffer = new byte[16 * 1024];
            var received = await socket.ReceiveAsync(buffer.AsMemory());
            if (!buffer.AsSpan(0, received).StartsWith("HTTP/1.1 200"u8))
                throw new InvalidOperationException(Encoding.UTF8.GetString(buffer, 0, received));
            viewers._readers.Add(viewers.ReadAsync(socket, buffer));
        }

        return viewers;
    }

    /// <summary>Waits until everybody has heard that nothing is left.</summary>
    public async Task WaitUntilToldAsync(TimeSpan patience)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        for (var left = patience; Told < _sockets.Count; left -= timer.Period)
        {
            if (left < TimeSpan.Zero)
                throw new InvalidOperationException($"{Told} of {_sockets.Count} viewers have heard of the end.");
            await timer.WaitForNextTickAsync();
        }
    }

    public void Dispose()
    {
        foreach (var socket in _sockets) socket.Dispose();
    }

    private async Task ReadAsync(Socket socket, byte[] buffer)
    {
        try
        {
            for (var isTold = false; await socket.ReceiveAsync(buffer.AsMemory()) is var received and > 0;)
            {
                Interlocked.Add(ref _bytes, received);
                if (isTold || buffer.AsSpan(0, received).IndexOf(SoldOut) < 0) continue;
                isTold = true;
                Interlocked.Increment(ref _told);
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // The round is over.
        }
    }
}
