using System.Net;
using System.Net.Sockets;

namespace EventFlux.Tests.Costs;

/// <summary>A kept-alive HTTP connection that allocates next to nothing, so that what is counted in this process is
/// the silo's. For one caller.</summary>
internal sealed class BareConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
    };

    private readonly byte[] _answer = new byte[16 * 1024];

    public Task OpenAsync(int port) => _socket.ConnectAsync(IPAddress.Loopback, port);

    /// <summary>Sends a whole request; asserts that the answer is a 201 whose body comes in chunks.</summary>
    public async Task CreateAsync(ReadOnlyMemory<byte> request)
    {
        for (var sent = 0; sent < request.Length;) sent += await _socket.SendAsync(request[sent..]);
        for (var filled = 0; ;)
        {
            var received = await _socket.ReceiveAsync(_answer.AsMemory(filled));
            Assert.NotEqual(0, received);
            filled += received;
            if (filled < 12) continue;
            Assert.True(_answer.AsSpan().StartsWith("HTTP/1.1 201"u8));
            if (_answer.AsSpan(0, filled).EndsWith("\r\n0\r\n\r\n"u8)) return;
        }
    }

    public void Dispose() => _socket.Dispose();
}
