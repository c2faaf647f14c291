using Npgsql;

namespace EventFlux.Silo.Hosting;

/// <summary>The silo's two connection pools.</summary>
internal static class DataSources
{
    /// <summary>Key of the pool that only membership and the health probe use: a sale that takes every connection of
    /// the other one must not look like a dead silo.</summary>
    public const string Membership = "membership";

    // Three silos fit into PostgreSQL's default of 100 connections, with some left for people.
    private const int BusinessPoolSize = 20;
    private const int MembershipPoolSize = 4;

    /// <summary>Registers the <see cref="NpgsqlDataSource"/> for everything, and the keyed one for
    /// membership.</summary>
    public static IServiceCollection AddEventFluxDataSources(this IServiceCollection services, SiloOptions options)
    {
        services.AddSingleton(_ => NpgsqlDataSource.Create(Business(options.ConnectionString!)));
        services.AddKeyedSingleton(
            Membership, (_, _) => NpgsqlDataSource.Create(ForMembership(options.ConnectionString!)));
        return services;
    }

    // What DATABASE_URL says itself stays.
    private static NpgsqlConnectionStringBuilder Business(string connectionString)
    {
        var given = new NpgsqlConnectionStringBuilder(connectionString);
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

    private static NpgsqlConnectionStringBuilder ForMembership(string connectionString) => new(connectionString)
    {
        ApplicationName = "eventflux-membership",
        MaxPoolSize = MembershipPoolSize,
        MinPoolSize = 0,
        Timeout = 5,
        CommandTimeout = 10,
    };
}
