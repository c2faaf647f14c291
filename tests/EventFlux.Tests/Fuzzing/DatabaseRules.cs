using Npgsql;

namespace EventFlux.Tests.Fuzzing;

/// <summary>What must hold in the database, whatever was sent.</summary>
internal static class DatabaseRules
{
    private static readonly (string Rule, string Offenders)[] All =
    [
        ("available + booked + held = capacity",
         "SELECT count(*) FROM event_inventory WHERE available + booked + held <> capacity"),
        ("booked is the sum of the confirmed bookings", """
            SELECT count(*) FROM event_inventory i WHERE booked <>
              (SELECT coalesce(sum(quantity), 0) FROM bookings b WHERE b.event_id = i.event_id AND status = 'confirmed')
            """),
        ("held is the sum of the open offers", """
            SELECT count(*) FROM event_inventory i WHERE held <>
              (SELECT coalesce(sum(quantity), 0) FROM waitlist_entries w
                WHERE w.event_id = i.event_id AND status = 'notified')
            """),
        ("one confirmed booking a user and event", """
            SELECT count(*) FROM (SELECT 1 FROM bookings WHERE status = 'confirmed'
                                   GROUP BY event_id, user_id HAVING count(*) > 1) AS twice
            """),
        ("nobody but an admin made anybody one", """
            SELECT count(*) FROM users u
             WHERE role = 'admin' AND NOT EXISTS (
               SELECT FROM audit_log WHERE subject_id = u.id AND action = 'user.role' AND actor_role = 'admin'
                  AND changes #>> '{role,new}' = 'admin')
            """),
    ];

    /// <summary>The rules that are broken.</summary>
    public static async Task<IReadOnlyList<string>> BrokenAsync(NpgsqlDataSource database)
    {
        var broken = new List<string>();
        foreach (var (rule, offenders) in All)
        {
            await using var command = database.CreateCommand(offenders);
            if (await command.ExecuteScalarAsync() is not 0L) broken.Add($"in the database not: {rule}");
        }

        return broken;
    }
}
