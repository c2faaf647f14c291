using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace EventFlux.Silo.Hosting;

/// <summary>
/// The data folder of the private PostgreSQL and the server process on it. Not safe by itself: whoever calls what
/// changes something holds the start lock of <see cref="LocalPostgres"/>.
/// </summary>
internal sealed class PostgresData(LocalPostgresOptions options)
{
    private const string User = LocalPostgres.UserName;
    private const long LogLimitBytes = 10 * 1024 * 1024;

    // C.UTF-8 sorts fast and folds the case of all letters; not every system has it.
    private static readonly string[] Locales = ["C.UTF-8", "en_US.UTF-8", "C"];

    private readonly string _base = options.Directory;

    /// <summary>PostgreSQL refuses to run as root; then it runs as this user. Null: as ourselves.</summary>
    public string? SystemUser { get; } = Environment.IsPrivilegedProcess ? UnprivilegedUser() : null;

    public string Directory => Path.Combine(_base, "postgres");

    public string PasswordPath => Path.Combine(_base, "postgres.password");

    private string PortPath => Path.Combine(_base, "postgres.port");

    private string LogPath => Path.Combine(Directory, "server.log");

    private string PidPath => Path.Combine(Directory, "postmaster.pid");

    /// <summary>Major version of the data; null before the first start.</summary>
    public int? Version()
    {
        var path = Path.Combine(Directory, "PG_VERSION");
        return File.Exists(path) ? int.Parse(File.ReadAllText(path), CultureInfo.InvariantCulture) : null;
    }

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

    /// <summary>Makes the data folder. A run that is interrupted leaves only <c>postgres.new</c>, which the next one
    /// throws away.</summary>
    public async Task InitialiseAsync(PostgresBinaries binaries, CancellationToken cancellationToken)
    {
        var password = PrivateFile.GetOrCreate(PasswordPath);
        var passwordCopy = Path.Combine(_base, "initdb.password");
        var unfinished = Path.Combine(_base, "postgres.new");
        try
        {
            PrivateFile.Write(passwordCopy, password);
            await GiveToSystemUserAsync(passwordCopy, cancellationToken);
            var result = new ChildResult(1, "");
            foreach (var locale in Locales)
            {
                if (System.IO.Directory.Exists(unfinished))
                    System.IO.Directory.Delete(unfinished, recursive: true);
                System.IO.Directory.CreateDirectory(
                    unfinished, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                await GiveToSystemUserAsync(unfinished, cancellationToken);
                string[] initdb =
                [
                    binaries.Initdb, "-D", unfinished, "-U", User, "--auth=scram-sha-256", $"--pwfile={passwordCopy}",
                    "--encoding=UTF8", $"--locale={locale}", .. options.Ephemeral ? ["--no-sync"] : Array.Empty<string>(),
                ];
                result = await ChildProcess.RunAsync(SystemUser, _base, initdb, cancellationToken);
                if (result.ExitCode == 0)
                    break;
                if (!result.Output.Contains("invalid locale", StringComparison.Ordinal))
                    break;
            }

            if (result.ExitCode != 0)
                throw new StartupException($"PostgreSQL's initdb failed in {_base}: {LastLine(result.Output)}");
            System.IO.Directory.Move(unfinished, Directory);
        }
        finally
        {
            File.Delete(passwordCopy);
        }
    }

    /// <summary>Starts the server and waits until it takes connections.</summary>
    /// <returns>Its port on 127.0.0.1.</returns>
    public async Task<int> StartAsync(
        PostgresBinaries binaries, string shareLock, CancellationToken cancellationToken)
    {
        if (File.Exists(LogPath) && new FileInfo(LogPath).Length > LogLimitBytes)
            File.Delete(LogPath);

        var output = "";
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            var port = ChoosePort();
            var settings = $"-h 127.0.0.1 -p {port} -c unix_socket_directories= -c log_min_messages=warning"
                + $" -c max_connections={options.MaxConnections}"
                + (options.Ephemeral ? " -c fsync=off -c full_page_writes=off" : "");
            string[] start =
                [binaries.PgCtl, "start", "-w", "-t", "60", "-D", Directory, "-l", LogPath, "-o", settings];
            var logged = File.Exists(LogPath) ? new FileInfo(LogPath).Length : 0;
            var result = await ChildProcess.RunAsync(
                SystemUser, _base, LocalPostgresGuard.UnderLock(shareLock, start), cancellationToken);
            if (result.ExitCode == 0)
            {
                File.WriteAllText(PortPath, port.ToString(CultureInfo.InvariantCulture));
                return port;
            }

            output = LogSince(logged, result.Output);
            // Someone took the port in between, or the processes of a server killed a moment ago still hold its memory.
            if (!output.Contains("in use", StringComparison.Ordinal))
                break;
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        }

        throw new StartupException($"The local PostgreSQL did not start: {LastLine(output)} (its log: {LogPath})");
    }

    /// <summary>Stops the server and waits until it is gone; nothing to do when none runs.</summary>
    public async Task StopAsync(PostgresBinaries binaries, CancellationToken cancellationToken)
    {
        if (RunningPort() is not null)
            await ChildProcess.RunAsync(SystemUser, _base, StopCommand(binaries), cancellationToken);
    }

    /// <summary>Clients are cut off, transactions rolled back, and everything committed is written out; for a
    /// throw-away server not even that.</summary>
    public string[] StopCommand(PostgresBinaries binaries) =>
        [binaries.PgCtl, "stop", "-w", "-D", Directory, "-m", options.Ephemeral ? "immediate" : "fast"];

    /// <summary>As root: makes the user under whom PostgreSQL runs the owner.</summary>
    public async Task GiveToSystemUserAsync(string path, CancellationToken cancellationToken)
    {
        if (SystemUser is null)
            return;
        var result = await ChildProcess.RunAsync(null, "/", ["chown", SystemUser, path], cancellationToken);
        if (result.ExitCode != 0)
            throw new StartupException($"Can't give {path} to user {SystemUser}: {LastLine(result.Output)}");
    }

    private bool IsServer(int pid)
    {
        // The process list is only there on Linux; elsewhere a live process of that number has to do.
        if (!System.IO.Directory.Exists("/proc/self"))
            return System.Diagnostics.Process.GetProcesses().Any(process => process.Id == pid);
        var commandLine = $"/proc/{pid}/cmdline";
        try
        {
            return File.Exists(commandLine)
                && File.ReadAllText(commandLine).Contains(Directory, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    // The last port again, so that a connection noted somewhere keeps working; another one when it is taken.
    private int ChoosePort()
    {
        if (File.Exists(PortPath) && int.TryParse(File.ReadAllText(PortPath), out var last) && TryListen(last) is not null)
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

    private static string LastLine(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault("no output");

    private static string UnprivilegedUser() =>
        File.Exists("/etc/passwd")
        && File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal))
            ? "postgres"
            : "nobody";
}
