using System.Diagnostics;
using EventFlux.Benchmarks.Load;
using Npgsql;

namespace EventFlux.Benchmarks.Baselines;

/// <summary>
/// Booking straight on the driver, without HTTP or tokens. The tables have the keys that the rules need: one booking
/// per user and event, unique references.
/// </summary>
/// <param name="database">A connection for each worker.</param>
/// <param name="book">One booking of a user who never booked, durable when it returns.</param>
internal sealed class PostgresBooking(
    NpgsqlDataSource database, ProcessorClock processors, Func<NpgsqlConnection, Guid, ValueTask> book)
{
    private const string Schema = """
        DROP SCHEMA IF EXISTS baseline CASCADE;
        CREATE SCHEMA baseline;
        CREATE TABLE baseline.events (id uuid PRIMARY KEY, capacity integer NOT NULL, available integer NOT NULL,
                                      CHECK (available >= 0));
        CREATE TABLE baseline.bookings (
          id uuid PRIMARY KEY, event_id uuid NOT NULL REFERENCES baseline.events, user_id uuid NOT NULL,
          reference text NOT NULL UNIQUE, quantity integer NOT NULL, amount numeric(9, 2) NOT NULL,
          booked_at timestamptz NOT NULL, UNIQUE (event_id, user_id));
        """;

    public static async Task CreateSchemaAsync(NpgsqlDataSource database)
    {
        await using var schema = database.CreateCommand(Schema + BookingFunction.Create);
        await schema.ExecuteNonQueryAsync();
    }

    public async Task<Guid> CreateEventAsync(int capacity)
    {
        var id = Guid.NewGuid();
        await using var insert = database.CreateCommand("INSERT INTO baseline.events VALUES ($1, $2, $2)");
        insert.Parameters.Add(new() { Value = id });
        insert.Parameters.Add(new() { Value = capacity });
        await insert.ExecuteNonQueryAsync();
        return id;
    }

    public async Task<Round> RunAsync(Guid eventId, int workers, TimeSpan duration)
    {
        var connections = new NpgsqlConnection[workers];
        for (var i = 0; i < workers; i++) connections[i] = await database.OpenConnectionAsync();
        try
        {
            return await ClosedLoop.RunAsync(
                workers, processors,
                async worker =>
                {
                    var began = Stopwatch.GetTimestamp();
                    await book(connections[worker], eventId);
                    return began;
                },
                duration);
        }
        finally
        {
            foreach (var connection in connections) await connection.DisposeAsync();
        }
    }
}
