using EventFlux.Tests.Fixtures;
using Npgsql;

namespace EventFlux.Tests.Secrets;

/// <summary>A start that can't be says why, and repeats no secret: who sees the line need not be who knows
/// it.</summary>
public sealed class SecretsAtStartTests(PostgresServer server)
{
    private const string Good = "Vx4mT0qLr9dKz2hWb7nYc5gJf8sPa3eU";
    private static readonly Secret Hidden = new("the secret", "zT7Lq2mXw9");

    [Fact]
    public async Task Start_ThatFails_RepeatsNoSecret()
    {
        var login = new NpgsqlConnectionStringBuilder(server.ConnectionString);
        var (host, hidden) = ($"127.0.0.1:{login.Port}", Hidden.Value);
        (string Name, string Value)[] faults =
        [
            ("DATABASE_URL", $"postgresql://{login.Username}:{hidden}@{host}/{login.Database}"),
            ("DATABASE_URL", $"postgresql://u:{hidden}@127.0.0.1:{FreePorts.Next()}/db"),
            ("DATABASE_URL", $"postgresql://u:{hidden}@{host}"),
            ("DATABASE_URL", $"postgresql://u:{hidden}@{host}/db?sslmode={hidden}"),
            ("DATABASE_URL", $"postgresql://u:{hidden}@{host}/db?{hidden}=1"),
            ("DATABASE_URL", $"postgresql://u:12/34?{hidden}@{host}/db"),
            ("DATABASE_URL", $"postgresql://u:pass/{hidden}@{host}/db"),
            ("DATABASE_URL", $"mysql://u:{hidden}@{host}/db"),
            ("DATABASE_URL", $"Host=127.0.0.1;Username=u;Password={hidden}"),
            ("DATABASE_URL", $"Host=127.0.0.1;Database=d;Pasword={hidden}"),
            ("DATABASE_URL", $"Host=127.0.0.1;Database=d;Port={hidden}"),
            ("DATABASE_URL", $"Host=127.0.0.1;Database=d;SSL Mode={hidden}"),
            ("JWT_SECRET", hidden),
            ("JWT_SECRET", $"password{hidden}{hidden}{hidden}"),
            ("ADMIN_PASSWORD", hidden[..7]),
            ("ADMIN_PASSWORD", string.Concat(Enumerable.Repeat(hidden, 10))),
            ("ADMIN_EMAIL", hidden),
        ];

        await Parallel.ForEachAsync(faults, async (fault, _) =>
        {
            var environment = new Dictionary<string, string?>
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["DATABASE_URL"] = server.ConnectionString,
                ["JWT_SECRET"] = Good,
                ["ADMIN_EMAIL"] = "admin@example.org",
                ["ADMIN_PASSWORD"] = Good,
                [fault.Name] = fault.Value,
            };
            await using var silo = SiloProcess.Start(environment);

            Assert.Equal(1, await silo.WaitForExitAsync());
            Assert.NotEmpty(silo.Errors);
            Assert.Equal("", silo.Output);
            Secret.AssertNone([Hidden with { Value = Hidden.Value[..7] }], silo.Errors, $"{fault.Name}'s fault");
        });
    }
}
