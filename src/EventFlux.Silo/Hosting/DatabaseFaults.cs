using System.Net.Sockets;
using Npgsql;

namespace EventFlux.Silo.Hosting;

/// <summary>Says in one line why the database could not be used at the start, and what to do.</summary>
internal static class DatabaseFaults
{
    /// <param name="variable">Where the connection string came from.</param>
    public static StartupException Describe(
        Exception failure, string connectionString, string variable = "DATABASE_URL")
    {
        var target = new NpgsqlConnectionStringBuilder(connectionString);
        var server = $"{target.Host}:{target.Port}";
        var chain = Chain(failure).ToList();

        if (chain.OfType<PostgresException>().FirstOrDefault() is { } refused)
            return new StartupException(refused.SqlState switch
            {
                PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
                    $"PostgreSQL at {server} refused the login of user '{target.Username}'. "
                    + $"Check user and password in {variable}.",
                PostgresErrorCodes.InvalidCatalogName =>
                    $"PostgreSQL at {server} has no database '{target.Database}'. "
                    + $"Create it (`createdb`), or name another one in {variable}.",
                PostgresErrorCodes.InsufficientPrivilege =>
                    $"User '{target.Username}' may not create tables in database '{target.Database}' at {server}. "
                    + "Make it the owner of the database, or name the owner in MIGRATION_DATABASE_URL.",
                PostgresErrorCodes.TooManyConnections =>
                    $"PostgreSQL at {server} has no connection left. Raise its max_connections; a silo takes about 30.",
                _ => $"PostgreSQL at {server} refused: {refused.MessageText} ({refused.SqlState}).",
            });

        var reason = chain.OfType<SocketException>().FirstOrDefault() is { } socket
            ? socket.SocketErrorCode switch
            {
                SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData => "there is no such host",
                SocketError.ConnectionRefused => "nothing listens there",
                var code => code.ToString(),
            }
            : chain.OfType<TimeoutException>().Any()
                ? "no answer in time"
                : chain[^1].Message.ReplaceLineEndings(" ");
        return new StartupException(
            $"Can't reach PostgreSQL at {server}: {reason}. "
            + $"Start it, or check host and port in {variable}; without DATABASE_URL a private one is started.");
    }

    private static IEnumerable<Exception> Chain(Exception? failure)
    {
        for (; failure is not null; failure = failure.InnerException)
            yield return failure;
    }
}
