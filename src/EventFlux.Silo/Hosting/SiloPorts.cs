using System.Net;
using System.Net.Sockets;

namespace EventFlux.Silo.Hosting;

/// <summary>
/// Finds out before anything is started whether the silo can listen where it was told, so that a port in use is one
/// clear line; and picks Orleans' ports where they were left open. Disposed at the end of the process.
/// </summary>
internal sealed class SiloPorts : IDisposable
{
    private const int FirstSiloPort = 11_111;
    private const int FirstGatewayPort = 30_000;
    private const int Candidates = 200;

    // A lock file a port, so that two silos that start at the same moment don't both find the same port free.
    private readonly List<FileLock> _claims = [];

    private SiloPorts(SiloOptions options) => Options = options;

    /// <summary>With all ports set.</summary>
    public SiloOptions Options { get; private set; }

    /// <summary>Whether HTTP is for this machine alone: in Development, unless <c>SILO_HOST</c> opens the silo to
    /// others. Sample accounts shall not be open to a whole network by default.</summary>
    public static bool IsLocalOnly(SiloOptions options) =>
        options.IsDevelopment && IPAddress.IsLoopback(options.SiloHost);

    /// <exception cref="StartupException">A port that was asked for is taken.</exception>
    public static SiloPorts Claim(SiloOptions options)
    {
        var ports = new SiloPorts(options);
        var http = IsLocalOnly(options) ? IPAddress.Loopback : IPAddress.Any;
        ThrowIfTaken("PORT", http, options.Port);
        if (options.MetricsPort is { } metrics) ThrowIfTaken("METRICS_PORT", http, metrics);
        ports.Options = options with
        {
            SiloPort = ports.Settle("SILO_PORT", options.SiloPort, FirstSiloPort),
            GatewayPort = ports.Settle("GATEWAY_PORT", options.GatewayPort, FirstGatewayPort),
        };
        return ports;
    }

    public void Dispose() => _claims.ForEach(claim => claim.Dispose());

    private int Settle(string variable, int asked, int first)
    {
        if (asked > 0)
        {
            ThrowIfTaken(variable, Options.SiloHost, asked);
            return asked;
        }

        for (var port = first; port < first + Candidates; port++)
        {
            if (port == Options.Port || port == Options.MetricsPort) continue;
            if (!IsFree(Options.SiloHost, port, out _) || TryClaim(port) is not { } claim) continue;
            _claims.Add(claim);
            return port;
        }

        throw new StartupException(
            $"No free port for {variable} from {first} to {first + Candidates - 1}. Set {variable} to a free one.");
    }

    private static FileLock? TryClaim(int port)
    {
        try
        {
            return FileLock.TryExclusive(Path.Combine(Path.GetTempPath(), $"eventflux-port-{port}.lock"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Another user's silo made this file; the next port will do.
            return null;
        }
    }

    private static void ThrowIfTaken(string variable, IPAddress address, int port)
    {
        if (IsFree(address, port, out var error))
            return;
        throw new StartupException(error switch
        {
            SocketError.AddressAlreadyInUse =>
                $"Port {port} is in use by another program. End that program, or set {variable} to a free port.",
            SocketError.AccessDenied =>
                $"Port {port} may not be used by this user. Set {variable} to a port of 1024 or more.",
            SocketError.AddressNotAvailable =>
                $"This machine has no address {address}. Set SILO_HOST to one of its own.",
            _ => $"Can't listen on {address}:{port} ({error}). Set {variable} to another port.",
        });
    }

    private static bool IsFree(IPAddress address, int port, out SocketError error)
    {
        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
            error = SocketError.Success;
            return true;
        }
        catch (SocketException failure)
        {
            error = failure.SocketErrorCode;
            return false;
        }
    }
}
