using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace EventFlux.Silo.Hosting;

/// <summary>
/// The server process on a data folder. Not safe by itself: whoever starts or stops it holds the start lock of
/// <see cref="LocalPostgres"/>.
/// </summary>
internal sealed class PostgresProcess(
    LocalPostgresOptions options, PostgresData data, PostgresBinaries binaries)
{
    private const long LogLimitBytes = 10 * 1024 * 1024;
    private const int Attempts = 5;

    public PostgresData Data => data;

    private string PortPath => Path.Combine(options.Directory, "postgres.port");

    private string LogPath => Path.Combine(data.Directory, "server.log");

    private string PidPath => Path.Combine(data.Directory, "postmaster.pid");

    /// <summary>The port of the server that runs on this data; null when none runs. Heals what a crash left: a pid
    /// file whose process is gone, or is another program that got the same number, is deleted.</summary>
    public int? RunningPort()
    {
        if (!File.Exists(PidPath))
            return null;
        var lines = File.ReadAllLines(PidPath);
        if (lines.Length < 4 || !int.TryParse(lines[0], out var pid) || !int.TryParse(lines[3], out var port))
            return null;
        if (IsServer(pid))
            return port;
        File.Delete(PidPath);
        return null;
    }

    /// <summary>Makes the data at the first start.</summary>
    public Task InitialiseDataAsync(CancellationToken cancellationToken) =>
        data.Version() is null ? data.InitialiseAsync(binaries, cancellationToken) : Task.CompletedTask;

    /// <summary>Starts the server and waits until it takes connections.</summary>
    /// <param name="shareLock">Held shared while the server comes up.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Its port on 127.0.0.1; null when another start got ahead, so look again.</returns>
    public async Task<int?> StartAsync(string shareLock, CancellationToken cancellationToken)
    {
        if (File.Exists(LogPath) && new FileInfo(LogPath).Length > LogLimitBytes)
            File.Delete(LogPath);

        var output = "";
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var port = ChoosePort();
            var settings = $"-h 127.0.0.1 -p {port} -c unix_socket_directories= -c log_min_messages=warning"
                + $" -c max_connections={options.MaxConnections}"
                + (options.Ephemeral ? " -c fsync=off -c full_page_writes=off" : "");
            string[] start =
                [binaries.PgCtl, "start", "-w", "-t", "60", "-D", data.Directory, "-l", LogPath, "-o", settings];
            var logged = File.Exists(LogPath) ? new FileInfo(LogPath).Length : 0;
            var result = await ChildProcess.RunAsync(
                data.SystemUser, options.Directory, LocalPostgresGuard.UnderLock(shareLock, start), cancellationToken);
            if (result.ExitCode == 0)
            {
                File.WriteAllText(PortPath, port.ToString(CultureInfo.InvariantCulture));
                return port;
            }

            output = LogSince(logged, result.Output);
            // A start by a silo that was killed in the middle of it goes on without the silo.
            if (output.Contains("postmaster.pid\" already exists", StringComparison.Ordinal))
                return null;
            // Someone took the port in between, or the processes of a server killed a moment ago still hold its memory.
            if (!output.Contains("in use", StringComparison.Ordinal))
                break;
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        }

        throw new StartupException(
            $"The local PostgreSQL did not start: {PostgresData.LastLine(output)} (its log: {LogPath})");
    }

    /// <summary>Stops the server and waits until it is gone; nothing to do when none runs.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (RunningPort() is not null)
            await ChildProcess.RunAsync(data.SystemUser, options.Directory, StopCommand, cancellationToken);
    }

    /// <summary>Clients are cut off, transactions rolled back, and everything committed is written out; for a
    /// throw-away server not even that.</summary>
    public string[] StopCommand =>
        [binaries.PgCtl, "stop", "-w", "-D", data.Directory, "-m", options.Ephemeral ? "immediate" : "fast"];

    private bool IsServer(int pid)
    {
        // The process list is only there on Linux; elsewhere a live process of that number has to do.
        if (!Directory.Exists("/proc/self"))
            return System.Diagnostics.Process.GetProcesses().Any(process => process.Id == pid);
        var commandLine = $"/proc/{pid}/cmdline";
        try
        {
            return File.Exists(commandLine)
                && File.ReadAllText(commandLine).Contains(data.Directory, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    // The last port again, so that a connection noted somewhere keeps working; another one when it is taken.
    private int ChoosePort()
    {
        if (File.Exists(PortPath)
            && int.TryParse(File.ReadAllText(PortPath), out var last)
            && TryListen(last) is not null)
            return last;
        return TryListen(0) ?? throw new StartupException("No free TCP port on 127.0.0.1 for the local PostgreSQL.");
    }

    private static int? TryListen(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private string LogSince(long position, string otherwise)
    {
        if (!File.Exists(LogPath) || new FileInfo(LogPath).Length <= position)
            return otherwise;
        using var reader = new StreamReader(LogPath);
        reader.BaseStream.Position = position;
        return reader.ReadToEnd();
    }
}
