using EventFlux.Grains.Storage;
using Npgsql;

namespace EventFlux.Tests.Storage.RowSecurity;

/// <summary>A silo writes what the program writes, and can't touch the rules.</summary>
public sealed class SiloRightsTests(TwoUsers data) : IClassFixture<TwoUsers>
{
    public static TheoryData<string> Refused =>
    [
        "DROP TABLE bookings", "TRUNCATE bookings", "CREATE TABLE mine ()", "ALTER TABLE bookings ADD mine integer",
        "ALTER TABLE bookings DISABLE ROW LEVEL SECURITY", "DROP POLICY own ON bookings",
        "ALTER POLICY own ON bookings USING (true)", "CREATE POLICY mine ON bookings USING (true)",
        "ALTER VIEW waitlist_view SET (security_invoker = false)",
        $"GRANT {DatabaseRoles.Silo} TO {DatabaseRoles.User}",
        "CREATE FUNCTION mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'", "DROP FUNCTION waitlist_position",
        "CREATE TEMP TABLE mine (LIKE orleans_storage); "
            + "CREATE TRIGGER t AFTER INSERT ON mine FOR EACH ROW EXECUTE FUNCTION project_user()",
        "UPDATE analytics_days SET revenue = 0", "DELETE FROM analytics_changes",
        "UPDATE event_totals SET events = 0", "DELETE FROM event_total_changes",
        "CREATE ROLE mine", "UPDATE users SET role = 'admin'", "DELETE FROM users", "DELETE FROM events",
        "DELETE FROM waitlist_entries", "UPDATE outbox SET kind = 'x'", "UPDATE orleansquery SET querytext = ''",
        "INSERT INTO removed_analytics SELECT id, now() FROM events", "DELETE FROM buyers", "DELETE FROM user_signups",
        "DELETE FROM seat_plans", "UPDATE sold_seats SET seat_id = 'x'",
        "DELETE FROM booking_analytics", "DELETE FROM schema_migrations", "DELETE FROM orleans_storage",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Silo_WhatTheProgramNeverDoes_IsRefused(string sql)
    {
        await using var connection = await data.Silo.OpenConnectionAsync(Token);
        await using var command = new NpgsqlCommand(sql, connection);

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Token));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
    }
}
