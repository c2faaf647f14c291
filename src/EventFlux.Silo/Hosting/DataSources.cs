using EventFlux.Grains.Storage;
using Npgsql;

namespace EventFlux.Silo.Hosting;

/// <summary>The silo's connection pools. None of them works as the login that <c>DATABASE_URL</c> names.</summary>
internal static class DataSources
{
    /// <summary>Key of the pool that only membership and the health probe use: a sale that takes every connection of
    /// the other one must not look like a dead silo.</summary>
    public const string Membership = "membership";

    // PostgreSQL would keep the connections of a machine that lost its power for two hours; so it is half a minute.
    private const string Keepalives =
        " -c tcp_keepalives_idle=15 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3";

    // What a commit changes it finds by key. A plan that is made while a table is new, and kept, would read all of it,
    // and go on doing so on the night on which it fills. And one plan is enough: of few rows, PostgreSQL would make a
    // new one for each commit, which costs it more than the commit.
    private const string ByKeyAlone = " -c enable_seqscan=off -c plan_cache_mode=force_generic_plan";

    // Three silos fit into PostgreSQL's default of 100 connections, with some left for people.
    private const int BusinessPoolSize = 16;
    private const int CommitPoolSize = 8;
    private const int MembershipPoolSize = 4;

    /// <summary>Registers the <see cref="NpgsqlDataSource"/> for everything, and the keyed ones for
    /// commits and for membership.</summary>
    public static IServiceCollection AddEventFluxDataSources(this IServiceCollection services, SiloOptions options)
    {
        services.AddSingleton(_ => Create("eventflux", Business(options.ConnectionString!)));
        services.AddKeyedSingleton(
            EventStore.Pool, (_, _) => Create(EventStore.Pool, ForCommits(options.ConnectionString!)));
        services.AddKeyedSingleton(
            Membership, (_, _) => Create(Membership, ForMembership(options.ConnectionString!)));
        return services;
    }

    /// <summary>A connection for once, outside every pool: closing it ends its session.</summary>
    public static NpgsqlConnection Unpooled(NpgsqlConnectionStringBuilder connection)
    {
        var single = new NpgsqlConnectionStringBuilder(connection.ConnectionString) { Pooling = false };
        return Create("single", single).CreateConnection();
    }

    /// <summary>The pool's name is what metrics call it; else they would show the connection string.</summary>
    private static NpgsqlDataSource Create(string name, NpgsqlConnectionStringBuilder connection) =>
        new NpgsqlDataSourceBuilder(connection.ConnectionString) { Name = name }.Build();

    // What DATABASE_URL says itself stays.
    private static NpgsqlConnectionStringBuilder Business(string connectionString)
    {
        var given = Open(connectionString);
        if (!given.ShouldSerialize("Maximum Pool Size"))
            given.MaxPoolSize = BusinessPoolSize;
        if (!given.ShouldSerialize("Max Auto Prepare"))
            (given.MaxAutoPrepare, given.AutoPrepareMinUsages) = (100, 2);
        // Seconds. Who finds no connection or no answer by then gets a quick refusal instead of a hang.
        if (!given.ShouldSerialize("Timeout"))
            given.Timeout = 5;
        if (!given.ShouldSerialize("Command Timeout"))
            given.CommandTimeout = 15;
        given.ApplicationName ??= "eventflux";
        return given;
    }

    private static NpgsqlConnectionStringBuilder Open(string connectionString)
    {
        var connection = SiloLogin.AsSilo(connectionString);
        connection.Options += Keepalives;
        return connection;
    }

    /// <summary>Apart, so that no number of slow reads keeps a sale waiting for a connection.</summary>
    private static NpgsqlConnectionStringBuilder ForCommits(string connectionString)
    {
        var commits = Business(connectionString);
        (commits.MaxPoolSize, commits.ApplicationName) = (CommitPoolSize, "eventflux-commits");
        commits.Options += ByKeyAlone;
        return commits;
    }

    private static NpgsqlConnectionStringBuilder ForMembership(string connectionString)
    {
        var membership = Open(connectionString);
        membership.ApplicationName = "eventflux-membership";
        (membership.MinPoolSize, membership.MaxPoolSize) = (0, MembershipPoolSize);
        (membership.Timeout, membership.CommandTimeout) = (5, 10);
        return membership;
    }
}
