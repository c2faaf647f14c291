using System.Net;
using System.Net.Sockets;

namespace EventFlux.Tests.AdminConsole;

/// <summary>One address in front of several ports: each connection goes to the next that takes it. Connections end
/// with the silo that they lead to.</summary>
internal sealed class Balancer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closed = new();
    private readonly int[] _ports;
    private readonly Task _accepting;
    private int _next;

    public Balancer(params int[] ports)
    {
        _ports = ports;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/";

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        _listener.Stop();
        await _accepting;
        _closed.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptTcpClientAsync(_closed.Token));
        }
        catch (Exception) when (_closed.IsCancellationRequested)
        {
            // The end.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        using (var silo = await ConnectAsync())
        {
            if (silo is null) return;
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(_closed.Token);
            await Task.WhenAny(
                CopyAsync(client, silo, ended.Token), CopyAsync(silo, client, ended.Token));
            await ended.CancelAsync();
        }
    }

    private async Task<TcpClient?> ConnectAsync()
    {
        for (var attempt = 0; attempt < _ports.Length; attempt++)
        {
            var silo = new TcpClient();
            try
            {
                await silo.ConnectAsync(IPAddress.Loopback, _ports[Interlocked.Increment(ref _next) % _ports.Length]);
                return silo;
            }
            catch (SocketException)
            {
                silo.Dispose();
            }
        }

        return null;
    }

    private static async Task CopyAsync(TcpClient from, TcpClient to, CancellationToken stop)
    {
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream(), stop);
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException)
        {
            // Either end is gone.
        }
    }
}
