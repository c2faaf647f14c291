using System.Security.Cryptography;
using System.Text;
using EventFlux.Contracts.Users;
using EventFlux.Silo.Authentication;
using EventFlux.Silo.Hosting;
using EventFlux.Tests.Fixtures;
using Npgsql;

namespace EventFlux.Benchmarks;

/// <summary>A durable private PostgreSQL (fsync on) and one silo on it, as real processes, and the tokens to use
/// it.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private readonly string _folder;
    private readonly LocalPostgres _postgres;
    private readonly TokenIssuer _tokens;

    private Bench(string folder, LocalPostgres postgres, SiloProcess silo, string jwtSecret)
    {
        (_folder, _postgres, Silo) = (folder, postgres, silo);
        JwtSecret = Encoding.UTF8.GetBytes(jwtSecret);
        _tokens = new(new(JwtSecret, TimeSpan.FromHours(6)), TimeProvider.System);
        Secrets = [jwtSecret, new NpgsqlConnectionStringBuilder(postgres.ConnectionString).Password!];
        Database = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { MaxPoolSize = 40 }.ConnectionString);
    }

    public SiloProcess Silo { get; }

    public NpgsqlDataSource Database { get; }

    public ReadOnlyMemory<byte> JwtSecret { get; }

    /// <summary>What the silo knows and nobody else may.</summary>
    public IReadOnlyList<string> Secrets { get; }

    /// <param name="environment">Further variables of the silo.</param>
    public static async Task<Bench> StartAsync(params (string Name, string Value)[] environment)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"eventflux-bench-{Guid.NewGuid():N}");
        var postgres = await LocalPostgres.StartAsync(new LocalPostgresOptions { Directory = folder });
        var secret = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
        var variables = new Dictionary<string, string?>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["DATABASE_URL"] = postgres.ConnectionString,
            ["JWT_SECRET"] = secret,
            ["SILO_HOST"] = "127.0.0.1",
            ["SHUTDOWN_DRAIN_SECONDS"] = "0",
            ["RATE_LIMIT_ENABLED"] = "false",
        };
        foreach (var (name, value) in environment) variables[name] = value;
        return new(folder, postgres, await SiloProcess.StartReadyAsync(variables), secret);
    }

    /// <summary>A token of a user who never called before.</summary>
    public string NewToken(UserRole role = UserRole.User)
    {
        var (id, now) = (Guid.NewGuid(), TimeProvider.System.GetUtcNow());
        return _tokens.Issue(new UserProfile(id, $"{id:N}@example.org", "Load", "User", role, 1, now, now)).Token;
    }

    /// <summary>One number from the database.</summary>
    public async Task<long> CountAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        await Silo.DisposeAsync();
        await Database.DisposeAsync();
        await _postgres.DisposeAsync();
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }
}
