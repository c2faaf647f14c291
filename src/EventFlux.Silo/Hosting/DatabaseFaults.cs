using System.Net.Sockets;
using Npgsql;

namespace EventFlux.Silo.Hosting;

/// <summary>Says in one line why the database could not be used at the start, and what to do.</summary>
internal static class DatabaseFaults
{
    public static StartupException Describe(Exception failure, string connectionString)
    {
        var target = new NpgsqlConnectionStringBuilder(connectionString);
        var server = $"{target.Host}:{target.Port}";
        var chain = Chain(failure).ToList();

        if (chain.OfType<PostgresException>().FirstOrDefault() is { } refused)
            return new StartupException(refused.SqlState switch
            {
                PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
                    $"PostgreSQL at {server} refused the login of user '{target.Username}'. "
                    + "Check user and password in DATABASE_URL.",
                PostgresErrorCodes.InvalidCatalogName =>
                    $"PostgreSQL at {server} has no database '{target.Database}'. "
                    + "Create it (`createdb`), or name another one in DATABASE_URL.",
                PostgresErrorCodes.InsufficientPrivilege =>
                    $"User '{target.Username}' may not create tables in database '{target.Database}' at {server}. "
                    + "Make it the owner of the database.",
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
            + "Start it, or check host and port in DATABASE_URL; without DATABASE_URL a private one is started.");
    }

    private static IEnumerable<Exception> Chain(Exception? failure)
    {
        for (; failure is not null; failure = failure.InnerException)
            yield return failure;
    }
}
