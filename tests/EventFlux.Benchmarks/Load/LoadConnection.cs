using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace EventFlux.Benchmarks.Load;

/// <summary>One kept-alive connection that asks one thing after the other. For one worker.</summary>
internal sealed class LoadConnection : IDisposable
{
    private readonly Socket _socket;
    private readonly byte[] _request = new byte[RequestForm.MaxBytes];
    private byte[] _answer = new byte[8192];

    private LoadConnection(Socket socket) => _socket = socket;

    public static async Task<LoadConnection> OpenAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return new(socket);
    }

    /// <param name="token">Empty for an anonymous request.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<HttpAnswer> AskAsync(RequestForm form, ReadOnlyMemory<byte> token)
    {
        var length = form.Write(token.Span, _request);
        for (var sent = 0; sent < length;) sent += await _socket.SendAsync(_request.AsMemory(sent, length - sent));
        for (var filled = 0; ;)
        {
            if (filled == _answer.Length) Array.Resize(ref _answer, 2 * filled);
            var received = await _socket.ReceiveAsync(_answer.AsMemory(filled));
            if (received == 0) throw new InvalidOperationException("The silo closed a connection.");
            filled += received;
            if (HttpAnswer.Read(_answer.AsMemory(0, filled)) is { } answer) return answer;
        }
    }

    public void Dispose() => _socket.Dispose();
}
