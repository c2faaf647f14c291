using System.Net;
using System.Net.Sockets;

namespace EventFlux.Tests.Fixtures;

/// <summary>
/// TCP ports on loopback that nobody listens on. They lie below the range from which the system takes ports for
/// outgoing connections, so that none of those sits on one before the silo does; and none is handed out twice in a
/// run. Two test runs at once on one machine begin at different places.
/// </summary>
public static class FreePorts
{
    private const int First = 20_000;
    private const int Count = 10_000;
    private static int _next = Environment.ProcessId * 37 % Count;

    /// <summary>Safe for any number of tests at once.</summary>
    public static int Next()
    {
        for (var attempt = 0; attempt < Count; attempt++)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _next) % Count);
            if (IsFree(port))
                return port;
        }

        throw new InvalidOperationException($"No free port from {First} to {First + Count - 1}.");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
