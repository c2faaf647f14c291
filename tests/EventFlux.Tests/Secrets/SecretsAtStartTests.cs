using EventFlux.Silo.Hosting;
using EventFlux.Tests.Fixtures;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace EventFlux.Tests.Secrets;

/// <summary>A start that can't be says why, and repeats no secret: who sees the line need not be who knows
/// it.</summary>
public sealed class SecretsAtStartTests(PostgresServer server)
{
    private const string Good = "Vx4mT0qLr9dKz2hWb7nYc5gJf8sPa3eU";
    private static readonly Secret Hidden = new("the secret", "zT7Lq2mXw9");

    /// <summary>Found by reading the configuration.</summary>
    public static TheoryData<string, string> Faults => new()
    {
        { "DATABASE_URL", $"postgresql://u:{Hidden.Value}@127.0.0.1" },
        { "DATABASE_URL", $"postgresql://u:{Hidden.Value}@127.0.0.1/db?sslmode={Hidden.Value}" },
        { "DATABASE_URL", $"postgresql://u:{Hidden.Value}@127.0.0.1/db?{Hidden.Value}=1" },
        { "DATABASE_URL", $"postgresql://u:12/34?{Hidden.Value}@127.0.0.1/db" },
        { "DATABASE_URL", $"postgresql://u:pass/{Hidden.Value}@127.0.0.1/db" },
        { "DATABASE_URL", $"mysql://u:{Hidden.Value}@127.0.0.1/db" },
        { "DATABASE_URL", $"Host=127.0.0.1;Username=u;Password={Hidden.Value}" },
        { "DATABASE_URL", $"Host=127.0.0.1;Database=d;Pasword={Hidden.Value}" },
        { "DATABASE_URL", $"Host=127.0.0.1;Database=d;Port={Hidden.Value}" },
        { "DATABASE_URL", $"Host=127.0.0.1;Database=d;SSL Mode={Hidden.Value}" },
        { "JWT_SECRET", Hidden.Value },
        { "JWT_SECRET", $"password{Hidden.Value}{Hidden.Value}{Hidden.Value}" },
        { "ADMIN_PASSWORD", Hidden.Value[..7] },
        { "ADMIN_PASSWORD", string.Concat(Enumerable.Repeat(Hidden.Value, 10)) },
        { "ADMIN_EMAIL", Hidden.Value },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Configuration_ThatIsWrong_IsToldWithoutItsValue(string name, string value)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(Environment(name, value)).Build();

        var fault = Assert.Throws<StartupException>(() => SiloOptionsReader.Read(configuration));

        Assert.Contains(name, fault.Message, StringComparison.Ordinal);
        Secret.AssertNone([Hidden with { Value = Hidden.Value[..7] }], fault.ToString(), "the fault");
    }

    [Fact]
    public async Task Database_ThatRefusesOrIsAbsent_IsToldWithoutThePassword()
    {
        var login = new NpgsqlConnectionStringBuilder(server.ConnectionString);
        string[] urls =
        [
            $"postgresql://{login.Username}:{Hidden.Value}@127.0.0.1:{login.Port}/{login.Database}",
            $"postgresql://u:{Hidden.Value}@127.0.0.1:{FreePorts.Next()}/db",
        ];
        foreach (var url in urls)
        {
            await using var silo = SiloProcess.Start(Environment("DATABASE_URL", url));

            Assert.Equal(1, await silo.WaitForExitAsync());
            Assert.NotEmpty(silo.Errors);
            Secret.AssertNone([Hidden], silo.Output + silo.Errors, "what the silo wrote");
        }
    }

    private Dictionary<string, string?> Environment(string name, string value) => new()
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Production",
        ["DATABASE_URL"] = server.ConnectionString,
        ["JWT_SECRET"] = Good,
        ["ADMIN_EMAIL"] = "admin@example.org",
        ["ADMIN_PASSWORD"] = Good,
        [name] = value,
    };
}
