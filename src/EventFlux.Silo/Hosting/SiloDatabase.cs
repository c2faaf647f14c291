using System.Diagnostics;
using System.Text;
using Npgsql;

namespace EventFlux.Silo.Hosting;

/// <summary>
/// The database under a silo: the one that <c>DATABASE_URL</c> names, or the private one, which this object keeps
/// running until it is disposed; so dispose it after the silo has stopped. When it has been prepared, it is reachable
/// and of this program's schema.
/// </summary>
internal sealed class SiloDatabase : IAsyncDisposable
{
    private static readonly TimeSpan StartingUpTimeout = TimeSpan.FromSeconds(60);

    private readonly LocalPostgres? _local;

    private SiloDatabase(LocalPostgres? local, SiloOptions options) => (_local, Options) = (local, options);

    /// <summary>With the connection string, and in Development with a secret to sign tokens.</summary>
    public SiloOptions Options { get; }

    /// <summary>Names of the migrations that <see cref="PrepareAsync"/> applied.</summary>
    public IReadOnlyList<string> Migrated { get; private set; } = [];

    private string Owner => Options.MigrationConnectionString ?? _local?.ConnectionString ?? Options.ConnectionString!;

    /// <summary>Starts the private one, if it is that; nobody has looked at the other one yet.</summary>
    /// <exception cref="StartupException">It can't be started.</exception>
    public static async Task<SiloDatabase> StartAsync(
        SiloOptions options, CancellationToken cancellationToken = default)
    {
        var local = options.ConnectionString is null ? await StartLocalAsync(options, cancellationToken) : null;
        try
        {
            return new SiloDatabase(local, Complete(options, options.ConnectionString ?? local!.SiloConnectionString));
        }
        catch
        {
            if (local is not null)
                await local.DisposeAsync();
            throw;
        }
    }

    /// <summary>Started and prepared.</summary>
    /// <param name="migrates">See <see cref="PrepareAsync"/>.</param>
    /// <exception cref="StartupException">It can't be started or reached, or doesn't fit this program.</exception>
    public static async Task<SiloDatabase> OpenAsync(
        SiloOptions options, bool migrates = true, CancellationToken cancellationToken = default)
    {
        var database = await StartAsync(options, cancellationToken);
        try
        {
            await database.PrepareAsync(migrates, cancellationToken);
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Brings the schema up to date and sees to the silo's login.</summary>
    /// <param name="migrates">False: takes it as it is, and changes nothing; it must have been migrated by this very
    /// version.</param>
    /// <exception cref="StartupException">It can't be reached, or doesn't fit this program.</exception>
    public async Task PrepareAsync(bool migrates = true, CancellationToken cancellationToken = default)
    {
        Migrated = await MigrateAsync(migrates, cancellationToken);
        if (_local is { IsFirst: true })
            await ForgetSilosAsync(cancellationToken);
        await PrepareLoginAsync(mayMakeIt: migrates, cancellationToken);
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

    private async Task<IReadOnlyList<string>> MigrateAsync(bool migrates, CancellationToken cancellationToken)
    {
        var runner = new MigrationRunner(Owner, MigrationScript.Embedded());
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
                    failure, Owner,
                    Options.MigrationConnectionString is null ? "DATABASE_URL" : "MIGRATION_DATABASE_URL");
            }
        }
    }

    private async Task PrepareLoginAsync(bool mayMakeIt, CancellationToken cancellationToken)
    {
        var login = Options.ConnectionString!;
        try
        {
            if (mayMakeIt) await SiloLogin.EnsureAsync(Owner, login, cancellationToken);
            await SiloLogin.VerifyAsync(login, cancellationToken);
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
        {
            throw DatabaseFaults.Describe(failure, login);
        }
    }

    // Nobody else runs on a private database when its first silo starts, so every silo in the table is dead. Left
    // there, each would be waited for until it counts as stale.
    private async Task ForgetSilosAsync(CancellationToken cancellationToken)
    {
        await using var connection = DataSources.Unpooled(new(Owner));
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
