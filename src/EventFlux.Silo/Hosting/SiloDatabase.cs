using System.Diagnostics;
using System.Text;
using Npgsql;

namespace EventFlux.Silo.Hosting;

/// <summary>
/// The database under a silo, ready to be used: reachable and of this program's schema. Either the one that
/// <c>DATABASE_URL</c> names, or the private one, which this object keeps running until it is disposed; so dispose it
/// after the silo has stopped.
/// </summary>
internal sealed class SiloDatabase : IAsyncDisposable
{
    private static readonly TimeSpan StartingUpTimeout = TimeSpan.FromSeconds(60);

    private readonly LocalPostgres? _local;

    private SiloDatabase(LocalPostgres? local, SiloOptions options, IReadOnlyList<string> migrated) =>
        (_local, Options, Migrated) = (local, options, migrated);

    /// <summary>With the connection string, and in Development with a secret to sign tokens.</summary>
    public SiloOptions Options { get; }

    /// <summary>Names of the migrations that this start applied.</summary>
    public IReadOnlyList<string> Migrated { get; }

    /// <summary>Migrates it first.</summary>
    /// <exception cref="StartupException">It can't be started or reached, or doesn't fit this program.</exception>
    public static Task<SiloDatabase> OpenAsync(SiloOptions options, CancellationToken cancellationToken = default) =>
        OpenAsync(options, migrates: true, cancellationToken);

    /// <summary>Takes it as it is, and changes nothing: it must have been migrated by this very version.</summary>
    /// <inheritdoc cref="OpenAsync(SiloOptions, CancellationToken)" path="/exception"/>
    public static Task<SiloDatabase> OpenMigratedAsync(
        SiloOptions options, CancellationToken cancellationToken = default) =>
        OpenAsync(options, migrates: false, cancellationToken);

    private static async Task<SiloDatabase> OpenAsync(
        SiloOptions options, bool migrates, CancellationToken cancellationToken)
    {
        var local = options.ConnectionString is null ? await StartLocalAsync(options, cancellationToken) : null;
        try
        {
            var connectionString = options.ConnectionString ?? local!.SiloConnectionString;
            var owner = options.MigrationConnectionString ?? options.ConnectionString ?? local!.ConnectionString;
            var migrated = await MigrateAsync(options, owner, migrates, cancellationToken);
            if (local is { IsFirst: true })
                await ForgetSilosAsync(owner, cancellationToken);
            await PrepareLoginAsync(migrates ? owner : null, connectionString, cancellationToken);
            return new SiloDatabase(local, Complete(options, connectionString), migrated);
        }
        catch
        {
            if (local is not null)
                await local.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_local is not null)
            await _local.DisposeAsync();
    }

    /// <summary>For <c>migrate</c>.</summary>
    public void Report(TextWriter output)
    {
        foreach (var name in Migrated)
            output.WriteLine($"applied {name}");
        output.WriteLine(Migrated.Count == 0 ? "The schema is current." : "The schema is current now.");
    }

    private static async Task<LocalPostgres> StartLocalAsync(SiloOptions options, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
            throw new StartupException(
                "A private PostgreSQL can't be started on Windows. Run `docker compose up`, or set DATABASE_URL.");
        return await LocalPostgres.StartAsync(
            new LocalPostgresOptions { Directory = options.DataDirectory }, cancellationToken);
    }

    private static async Task<IReadOnlyList<string>> MigrateAsync(
        SiloOptions options, string owner, bool migrates, CancellationToken cancellationToken)
    {
        var runner = new MigrationRunner(owner, MigrationScript.Embedded());
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(TimeSpan.FromMilliseconds(250), cancellationToken))
        {
            try
            {
                if (migrates) return await runner.RunAsync(cancellationToken);
                await runner.CheckAsync(cancellationToken);
                return [];
            }
            catch (PostgresException busy) when (
                busy.SqlState == PostgresErrorCodes.CannotConnectNow && waited.Elapsed < StartingUpTimeout)
            {
                // It is there, but still starting or recovering.
            }
            catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
            {
                throw DatabaseFaults.Describe(
                    failure, owner,
                    options.MigrationConnectionString is null ? "DATABASE_URL" : "MIGRATION_DATABASE_URL");
            }
        }
    }

    /// <param name="owner">Who may make the login; null: it is there.</param>
    private static async Task PrepareLoginAsync(
        string? owner, string connectionString, CancellationToken cancellationToken)
    {
        try
        {
            if (owner is not null) await SiloLogin.EnsureAsync(owner, connectionString, cancellationToken);
            await SiloLogin.VerifyAsync(connectionString, cancellationToken);
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
        {
            throw DatabaseFaults.Describe(failure, connectionString);
        }
    }

    // Nobody else runs on a private database when its first silo starts, so every silo in the table is dead. Left
    // there, each would be waited for until it counts as stale.
    private static async Task ForgetSilosAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var connection = DataSources.Unpooled(new(connectionString));
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("delete from orleans_clusters", connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static SiloOptions Complete(SiloOptions options, string connectionString) => options with
    {
        ConnectionString = connectionString,
        JwtSecret = options.JwtSecret.Length > 0 || !options.IsDevelopment
            ? options.JwtSecret
            : Encoding.UTF8.GetBytes(MadeUpSecret(options.DataDirectory)),
    };

    // All silos of this user share it, and tokens outlive a restart.
    private static string MadeUpSecret(string directory)
    {
        if (OperatingSystem.IsWindows())
            throw new StartupException("JWT_SECRET is not set, but must be on Windows: at least 32 bytes.");
        try
        {
            Directory.CreateDirectory(directory);
            return PrivateFile.GetOrCreate(Path.Combine(directory, "jwt.secret"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(
                $"Can't keep a made-up JWT_SECRET in {directory}: {failure.Message} "
                + "Set JWT_SECRET (at least 32 bytes), or EVENTFLUX_DATA_DIR to a folder you may write.");
        }
    }
}
