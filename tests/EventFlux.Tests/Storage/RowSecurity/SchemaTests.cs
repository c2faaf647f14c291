using EventFlux.Grains.Storage;

namespace EventFlux.Tests.Storage.RowSecurity;

/// <summary>What holds for everything in the schema, so also for what a later script adds.</summary>
public sealed class SchemaTests(TwoUsers data) : IClassFixture<TwoUsers>
{
    private const string Ours = "relnamespace = current_schema()::regnamespace";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryTable_HasRowSecurityAndAPolicyForTheSilo()
    {
        Assert.NotEmpty(await NamesAsync($"SELECT relname FROM pg_class WHERE {Ours} AND relkind IN ('r', 'p')"));

        Assert.Empty(await NamesAsync($"""
            SELECT relname FROM pg_class
             WHERE {Ours} AND relkind IN ('r', 'p')
               AND NOT (relrowsecurity AND EXISTS (
                 SELECT FROM pg_policy WHERE polrelid = pg_class.oid
                    AND polroles = ARRAY['{DatabaseRoles.Silo}'::regrole::oid]))
            """));
    }

    [Fact]
    public async Task EveryView_LooksAsWhoAsks() => Assert.Empty(await NamesAsync($"""
        SELECT relname FROM pg_class
         WHERE {Ours} AND relkind IN ('v', 'm') AND NOT 'security_invoker=true' = ANY (coalesce(reloptions, ARRAY['']))
        """));

    [Fact]
    public async Task EveryFunctionWithTheOwnersRights_HasAFixedSearchPathAndIsNotForEverybody()
    {
        const string Functions = "FROM pg_proc WHERE pronamespace = current_schema()::regnamespace AND prosecdef";

        Assert.Equal(
            [
                "close_days", "count_events", "count_sold_out", "forget_days", "forget_event_totals", "forget_user",
                "keep_removed_bookings", "mend_days", "mend_event_totals", "open_day_again", "project_user",
                "sum_up_events", "waitlist_position",
            ],
            await NamesAsync($"SELECT proname {Functions}"));
        Assert.Empty(await NamesAsync($"""
            SELECT proname {Functions}
               AND NOT ('search_path=public, pg_temp' = ANY (coalesce(proconfig, ARRAY['']))
                        AND NOT EXISTS (SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner)))
                                         WHERE grantee = 0))
            """));
    }

    [Fact]
    public async Task Roles_OwnNothingAndBypassNothingAndNobodyLogsInAsOne()
    {
        const string Roles = $"('{DatabaseRoles.Silo}', '{DatabaseRoles.User}')";

        Assert.Equal(2, (await NamesAsync($"""
            SELECT rolname FROM pg_roles WHERE rolname IN {Roles}
               AND NOT (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolcanlogin OR rolreplication)
            """)).Count);
        Assert.Empty(await NamesAsync($"""
            SELECT relname FROM pg_class WHERE relowner::regrole::text IN {Roles}
            UNION ALL SELECT proname FROM pg_proc WHERE proowner::regrole::text IN {Roles}
            """));
        Assert.Empty(await NamesAsync(
            $"SELECT 'member' FROM pg_auth_members WHERE member::regrole::text IN {Roles}"));
    }

    /// <summary>The tests of what a user sees go through the same list.</summary>
    [Fact]
    public async Task UserRole_MayOnlyReadWhatIsTested()
    {
        const string Granted = $"""
            FROM pg_class, aclexplode(relacl) AS a
             WHERE {Ours} AND a.grantee IN ('{DatabaseRoles.User}'::regrole, 0)
            """;

        var tested = UserReadsTests.OwnedRelations.Select(row => row.Data.Item1).Append("events").Order();
        Assert.Equal(tested, await NamesAsync($"SELECT DISTINCT relname {Granted} ORDER BY 1"));
        Assert.Equal(["SELECT"], await NamesAsync($"SELECT DISTINCT privilege_type {Granted}"));
    }

    private async Task<List<string>> NamesAsync(string sql)
    {
        await using var command = data.Database.DataSource.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(Token);
        var names = new List<string>();
        while (await reader.ReadAsync(Token)) names.Add(reader.GetString(0));
        names.Sort(StringComparer.Ordinal);
        return names;
    }
}
