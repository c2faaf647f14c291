using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace EventFlux.Silo.Hosting;

/// <summary>
/// A share in the private PostgreSQL of this machine's silos: the first one starts it, others join, and when the last
/// one is gone, in whatever way, it stops. The data stay.
/// <para>
/// How: every silo holds a shared lock on one file, which the kernel frees when the silo dies. A detached guard waits
/// for the exclusive lock, thus for the end of the last silo, and then stops the server. Starts and clean exits take
/// turns by a second lock, so a start never meets a server that is half stopped.
/// </para>
/// </summary>
internal sealed class LocalPostgres : IAsyncDisposable
{
    /// <summary>The tables' owner.</summary>
    public const string UserName = "eventflux";

    private const string SiloUserName = "eventflux_login";

    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(90);

    private readonly LocalPostgresOptions _options;
    private readonly PostgresProcess _server;
    private FileLock? _share;

    private LocalPostgres(LocalPostgresOptions options, PostgresProcess server, FileLock share) =>
        (_options, _server, _share) = (options, server, share);

    /// <summary>For the database <c>eventflux</c>, as its owner; holds the password, so never print it.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>The same for silos, as a login that owns nothing; whoever migrates makes it. Its password is derived
    /// from the owner's, which can't be told from it.</summary>
    public string SiloConnectionString
    {
        get
        {
            var login = new NpgsqlConnectionStringBuilder(ConnectionString);
            var password = HMACSHA256.HashData(
                Encoding.UTF8.GetBytes(login.Password!), Encoding.UTF8.GetBytes(SiloUserName));
            (login.Username, login.Password) = (SiloUserName, Convert.ToHexStringLower(password));
            return login.ConnectionString;
        }
    }

    /// <summary>Whether no other silo ran on these data when this one started.</summary>
    public required bool IsFirst { get; init; }

    /// <summary>Starts the server or joins the running one.</summary>
    /// <exception cref="StartupException">No binaries, no place to write, or the server doesn't start.</exception>
    public static async Task<LocalPostgres> StartAsync(
        LocalPostgresOptions options, CancellationToken cancellationToken = default)
    {
        var data = new PostgresData(options);
        var binaries = await PostgresBinaries.FindAsync(data.Version(), options.Directory, cancellationToken);
        try
        {
            return await StartAsync(options, new PostgresProcess(options, data, binaries), cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(
                $"Can't keep local data in {options.Directory}: {failure.Message} "
                + "Set EVENTFLUX_DATA_DIR to a folder you may write, or DATABASE_URL to a PostgreSQL server.");
        }
    }

    /// <summary>Gives the share back. The last one waits until the server has stopped.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _share, null) is not { } share)
            return;

        using (await FileLock.WaitAsync(FileLock.TryExclusive, StartLock(_options), LockTimeout, default))
        {
            share.Dispose();
            try
            {
                await StopIfLastAsync();
            }
            catch (DirectoryNotFoundException) when (_options.Ephemeral)
            {
                // The guard was quicker and is deleting the folder.
            }
        }
    }

    private async Task StopIfLastAsync()
    {
        // The start lock keeps other silos still, so what is in the way is a running silo's share or the guard's stop.
        while (true)
        {
            using (var alone = FileLock.TryExclusive(ShareLock(_options)))
            {
                if (alone is not null)
                {
                    await _server.StopAsync(default);
                    // Under the lock, or the guard deletes at the same time.
                    if (_options.Ephemeral)
                        Directory.Delete(_options.Directory, recursive: true);
                    return;
                }
            }

            using (var otherSilo = FileLock.TryShared(ShareLock(_options)))
                if (otherSilo is not null)
                    return;

            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }
    }

    private static async Task<LocalPostgres> StartAsync(
        LocalPostgresOptions options, PostgresProcess server, CancellationToken cancellationToken)
    {
        await MakeFolderAsync(options, server.Data, cancellationToken);
        using var turn = await FileLock.WaitAsync(
            FileLock.TryExclusive, StartLock(options), LockTimeout, cancellationToken);

        bool alone;
        using (var probe = FileLock.TryExclusive(ShareLock(options)))
            alone = probe is not null;
        var share = await FileLock.WaitAsync(FileLock.TryShared, ShareLock(options), LockTimeout, cancellationToken);
        try
        {
            await server.Data.GiveToSystemUserAsync(ShareLock(options), cancellationToken);
            await server.InitialiseDataAsync(cancellationToken);
            // Before the server, so that there is no moment when nobody would stop it. Not when joining others: the
            // guard of the first one is theirs, too.
            if (alone)
                await LocalPostgresGuard.SpawnAsync(options, server, ShareLock(options), cancellationToken);
            var connection = await LocalPostgresLogin.OpenAsync(server, ShareLock(options), cancellationToken);
            return new LocalPostgres(options, server, share)
            {
                ConnectionString = connection,
                IsFirst = alone,
            };
        }
        catch
        {
            share.Dispose();
            throw;
        }
    }

    private static async Task MakeFolderAsync(
        LocalPostgresOptions options, PostgresData data, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(options.Directory))
        {
            Directory.CreateDirectory(options.Directory);
            // Root's umask may shut out the user under whom the server runs; what is secret has its own mode.
            if (data.SystemUser is not null)
                File.SetUnixFileMode(options.Directory, (UnixFileMode)0b111_101_101);
        }

        if (options.Ephemeral)
            await data.GiveToSystemUserAsync(options.Directory, cancellationToken);
    }

    private static string StartLock(LocalPostgresOptions options) => Path.Combine(options.Directory, "start.lock");

    private static string ShareLock(LocalPostgresOptions options) => Path.Combine(options.Directory, "silos.lock");
}
