using EventFlux.Grains.Storage;
using EventFlux.Tests.Fixtures;
using EventFlux.Tests.Users;
using Npgsql;

namespace EventFlux.Tests.Storage;

/// <summary>Bookings that are read at the same time.</summary>
public sealed class BookingsTogetherTests(PostgresServer server) : EventClusterTest(server)
{
    /// <summary>More than one round trip takes.</summary>
    private const int Many = 300;

    [Fact]
    public async Task Find_OfManyAtOnce_AnswersEachWithItsOwn()
    {
        var concert = await Cluster.CreateEventAsync(capacity: Many);
        var booked = await Task.WhenAll(Enumerable.Range(0, Many).Select(
            async _ => (await concert.BookAsync(new(Guid.NewGuid(), 1), Token)).Booking!));
        var bookings = new BookingQueries(new Database(Database.DataSource));
        Guid[] asked = [.. booked.Select(booking => booking.Id), Guid.NewGuid(), booked[0].Id];

        var found = await Task.WhenAll(asked.Select(id => bookings.FindTogetherAsync(id, Token)));

        Assert.Equal(
            [.. booked.Select(booking => booking.Reference), null, booked[0].Reference],
            found.Select(booking => booking?.Reference));
        Assert.Equal(found[0], await bookings.FindAsync(booked[0].Id, Token));
    }

    [Fact]
    public async Task Find_OfAFew_IsNotPlannedAnewEachTime()
    {
        const int Reads = 20;
        await FillAsync();
        var login = new NpgsqlConnectionStringBuilder(Database.ConnectionString)
        {
            MaxPoolSize = 1, MaxAutoPrepare = 10, AutoPrepareMinUsages = 1,
        };
        await using var single = NpgsqlDataSource.Create(login.ConnectionString);
        var bookings = new BookingQueries(new Database(single));

        for (var i = 0; i < Reads; i++) await bookings.FindTogetherAsync(Guid.NewGuid(), Token);

        await using var command = single.CreateCommand(
            "SELECT generic_plans FROM pg_prepared_statements WHERE statement LIKE '%ANY ($1)%'");
        // PostgreSQL tries the first five times.
        Assert.Equal(Reads - 5L, await command.ExecuteScalarAsync(Token));
    }

    /// <summary>So many bookings that reading all would be dearer than looking them up.</summary>
    private Task FillAsync() => Database.ExecuteAsync("""
        INSERT INTO bookings (id, event_id, user_id, reference, quantity, unit_price, currency, booked_at)
        SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'EVT-' || n, 1, 1, 'USD', now()
          FROM generate_series(1, 20000) AS n;
        ANALYZE bookings;
        """);
}
