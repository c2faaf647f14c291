using EventFlux.Contracts.Users;
using Npgsql;

namespace EventFlux.Grains.Storage;

/// <summary>A user, as admins see it in a list.</summary>
/// <param name="ConfirmedBookings">How many the user holds now.</param>
public sealed record AdminUser(UserProfile Profile, int ConfirmedBookings)
{
    /// <summary>Names nobody, wherever a row may be logged.</summary>
    public override string ToString() => $"{nameof(AdminUser)} {{ {nameof(Profile.Id)} = {Profile.Id} }}";
}

/// <summary>Reads everybody's accounts, for admins. Safe for concurrent use.</summary>
public sealed class AdminUserQueries(Database database)
{
    private const string Columns = $"{UserQueries.Columns}, coalesce(b.confirmed, 0)";

    private const string Source = "FROM users u LEFT JOIN buyers b ON b.user_id = u.id";

    private const string ById = $"SELECT {Columns} {Source} WHERE u.id = $1";

    /// <summary>Words of the name, or how the address begins. The range holds what begins with $2: addresses are ASCII,
    /// which ends before it.</summary>
    private const string Found = """
        (u.search @@ (SELECT search_query($1))
         OR lower(u.email COLLATE "C") >= $2 AND lower(u.email COLLATE "C") < $2 || U&'\007f')
        """;

    private static readonly ListOrder NewestFirst =
        new(descending: true, ("u.created_at", "timestamptz"), ("u.id", "uuid"));

    private static readonly ListQuery All = new(Columns, $"{Source} WHERE true", NewestFirst)
    {
        // The sums know; counting a million rows would take longer than reading a page of them.
        Count = "coalesce(sum(users), 0)::bigint", CountFrom = "FROM user_signups",
    };

    private static readonly ListQuery Matching = new(Columns, $"{Source} WHERE {Found}", NewestFirst)
    {
        CountFrom = $"FROM users u WHERE {Found}",
    };

    /// <summary>Users, newest first.</summary>
    /// <param name="search">Words of their names, of which the last may be a beginning, or how their address begins;
    /// null for all.</param>
    public Task<Page<AdminUser>> ListAsync(
        string? search, PageRequest page, CancellationToken cancellationToken) =>
        search is null
            ? database.PageAsync(All, _ => { }, Map, page, cancellationToken)
            : database.PageAsync(
                Matching, command => command.With(search).With(search.Trim().ToLowerInvariant()), Map, page,
                cancellationToken);

    /// <summary>The user, or null.</summary>
    public Task<AdminUser?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        database.FirstAsync(batch => batch.Add(ById).With(id), Map, cancellationToken);

    private static AdminUser Map(NpgsqlDataReader row) =>
        new(UserQueries.Map(row), row.GetInt32(UserQueries.ColumnCount));
}
