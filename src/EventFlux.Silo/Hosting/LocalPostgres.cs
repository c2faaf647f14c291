using System.Diagnostics;
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
    /// <summary>The database's only role, and its owner.</summary>
    public const string UserName = "eventflux";

    private const string DatabaseName = "eventflux";
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(60);

    private readonly LocalPostgresOptions _options;
    private readonly PostgresData _data;
    private readonly PostgresBinaries _binaries;
    private FileLock? _share;

    private LocalPostgres(
        LocalPostgresOptions options, PostgresData data, PostgresBinaries binaries, FileLock share)
    {
        (_options, _data, _binaries, _share) = (options, data, binaries, share);
    }

    /// <summary>For the database <c>eventflux</c>; holds the password, so never print it.</summary>
    public required string ConnectionString { get; init; }

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
            return await StartAsync(options, data, binaries, cancellationToken);
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
                    await _data.StopAsync(_binaries, default);
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
        LocalPostgresOptions options, PostgresData data, PostgresBinaries binaries, CancellationToken cancellationToken)
    {
        await MakeFolderAsync(options, data, cancellationToken);
        using var turn = await FileLock.WaitAsync(
            FileLock.TryExclusive, StartLock(options), LockTimeout, cancellationToken);

        bool alone;
        using (var probe = FileLock.TryExclusive(ShareLock(options)))
            alone = probe is not null;
        var share = await FileLock.WaitAsync(FileLock.TryShared, ShareLock(options), LockTimeout, cancellationToken);
        try
        {
            await data.GiveToSystemUserAsync(ShareLock(options), cancellationToken);
            if (data.Version() is null)
                await data.InitialiseAsync(binaries, cancellationToken);
            // Before the server, so that there is no moment when nobody would stop it. Not when joining others: the
            // guard of the first one is theirs, too.
            if (alone)
                await LocalPostgresGuard.SpawnAsync(options, data, binaries, ShareLock(options), cancellationToken);
            var connection = await ConnectAsync(data, binaries, ShareLock(options), cancellationToken);
            await EnsureDatabaseAsync(connection, cancellationToken);
            connection.Database = DatabaseName;
            return new LocalPostgres(options, data, binaries, share)
            {
                ConnectionString = connection.ConnectionString,
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

    private static async Task<NpgsqlConnectionStringBuilder> ConnectAsync(
        PostgresData data, PostgresBinaries binaries, string shareLock, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Username = UserName,
            Password = PrivateFile.GetOrCreate(data.PasswordPath),
            Database = "postgres",
        };
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < ReadyTimeout;)
        {
            // A server left by a crash of all silos may be starting, recovering or stopping: look again each time.
            connection.Port = data.RunningPort() ?? await data.StartAsync(binaries, shareLock, cancellationToken);
            try
            {
                await using var probe = Open(connection);
                await probe.OpenAsync(cancellationToken);
                return connection;
            }
            catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InvalidPassword)
            {
                throw new StartupException(
                    $"The local PostgreSQL does not accept the password in {data.PasswordPath}. Restore that file, "
                    + $"or delete {Path.GetDirectoryName(data.PasswordPath)} and with it the local data.");
            }
            catch (NpgsqlException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
            }
        }

        throw new StartupException(
            $"The local PostgreSQL in {data.Directory} does not answer within {ReadyTimeout.TotalSeconds:0} s.");
    }

    private static async Task EnsureDatabaseAsync(
        NpgsqlConnectionStringBuilder connectionString, CancellationToken cancellationToken)
    {
        await using var connection = Open(connectionString);
        await connection.OpenAsync(cancellationToken);
        await using var find = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection);
        find.Parameters.AddWithValue(DatabaseName);
        if (await find.ExecuteScalarAsync(cancellationToken) is not null)
            return;
        await using var create = new NpgsqlCommand($"create database {DatabaseName}", connection);
        await create.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlConnection Open(NpgsqlConnectionStringBuilder connectionString) =>
        new(new NpgsqlConnectionStringBuilder(connectionString.ConnectionString) { Pooling = false, Timeout = 5 }
            .ConnectionString);

    private static string StartLock(LocalPostgresOptions options) => Path.Combine(options.Directory, "start.lock");

    private static string ShareLock(LocalPostgresOptions options) => Path.Combine(options.Directory, "silos.lock");
}
