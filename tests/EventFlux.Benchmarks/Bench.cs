using System.Text;
using EventFlux.Contracts.Users;
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
    private readonly TokenMint _tokens;

    private Bench(string folder, LocalPostgres postgres, SiloProcess silo, TokenMint tokens)
    {
        (_folder, _postgres, Silo, _tokens) = (folder, postgres, silo, tokens);
        JwtSecret = Encoding.UTF8.GetBytes(tokens.Secret);
        Secrets = [tokens.Secret, new NpgsqlConnectionStringBuilder(postgres.ConnectionString).Password!];
        Database = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { MaxPoolSize = 40 }.ConnectionString);
    }

    public SiloProcess Silo { get; }

    public NpgsqlDataSource Database { get; }

    /// <summary>As the silo has it.</summary>
    public string ConnectionString => _postgres.ConnectionString;

    public ReadOnlyMemory<byte> JwtSecret { get; }

    /// <summary>What the silo knows and nobody else may.</summary>
    public IReadOnlyList<string> Secrets { get; }

    /// <param name="environment">Further variables of the silo.</param>
    public static async Task<Bench> StartAsync(params (string Name, string Value)[] environment)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"eventflux-bench-{Guid.NewGuid():N}");
        var postgres = await LocalPostgres.StartAsync(new LocalPostgresOptions { Directory = folder });
        var tokens = new TokenMint();
        var variables = new Dictionary<string, string?>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["DATABASE_URL"] = postgres.ConnectionString,
            ["JWT_SECRET"] = tokens.Secret,
            ["SILO_HOST"] = "127.0.0.1",
            ["SHUTDOWN_DRAIN_SECONDS"] = "0",
            ["RATE_LIMIT_ENABLED"] = "false",
        };
        foreach (var (name, value) in environment) variables[name] = value;
        return new(folder, postgres, await SiloProcess.StartReadyAsync(variables), tokens);
    }

    /// <summary>A token of a user who never called before.</summary>
    public string NewToken(UserRole role = UserRole.User) => _tokens.Issue(Guid.NewGuid(), role);

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
