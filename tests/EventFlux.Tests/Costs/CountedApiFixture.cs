using EventFlux.Tests.Api;
using EventFlux.Tests.Faults;
using EventFlux.Tests.Fixtures;
using Npgsql;

namespace EventFlux.Tests.Costs;

/// <summary>A silo whose statements are counted on their way to PostgreSQL.</summary>
public sealed class CountedApiFixture(PostgresServer server) : ApiFixture(server)
{
    private PostgresProxy? _proxy;

    internal SqlTraffic Traffic { get; } = new();

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<string, string?> Settings
    {
        get
        {
            var login = new NpgsqlConnectionStringBuilder(Database.ConnectionString);
            _proxy ??= new(login.Port, Traffic.Listen);
            (login.Host, login.Port, login.SslMode) = ("127.0.0.1", _proxy.Port, SslMode.Disable);
            return new Dictionary<string, string?>(base.Settings) { ["DATABASE_URL"] = login.ConnectionString };
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_proxy is not null) await _proxy.DisposeAsync();
    }
}
