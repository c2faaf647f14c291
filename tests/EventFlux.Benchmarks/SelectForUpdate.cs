using System.Diagnostics;
using Npgsql;

namespace EventFlux.Benchmarks;

/// <summary>
/// The usual way: a transaction locks the event's row, looks, inserts the booking and counts it, straight on the driver
/// without HTTP or tokens. Its tables have the keys that the rules need (one booking per user, unique reference).
/// </summary>
internal sealed class SelectForUpdate(NpgsqlDataSource database, int connections)
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

    public async Task<Guid> CreateEventAsync(int capacity)
    {
        await using (var schema = database.CreateCommand(Schema)) await schema.ExecuteNonQueryAsync();
        var id = Guid.NewGuid();
        await using var insert = database.CreateCommand("INSERT INTO baseline.events VALUES ($1, $2, $2)");
        insert.Parameters.Add(new() { Value = id });
        insert.Parameters.Add(new() { Value = capacity });
        await insert.ExecuteNonQueryAsync();
        return id;
    }

    public async Task<Round> BookAsync(Guid eventId, TimeSpan duration)
    {
        var latencies = new List<double>[connections];
        using var process = Process.GetCurrentProcess();
        var (started, processor) = (Stopwatch.GetTimestamp(), process.TotalProcessorTime);
        await Task.WhenAll(Enumerable.Range(0, connections).Select(async worker =>
        {
            var mine = latencies[worker] = [];
            await using var connection = await database.OpenConnectionAsync();
            while (Stopwatch.GetElapsedTime(started) < duration)
            {
                var begun = Stopwatch.GetTimestamp();
                await BookOnceAsync(connection, eventId);
                mine.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }
        }));
        var elapsed = Stopwatch.GetElapsedTime(started);
        process.Refresh();
        var share = (process.TotalProcessorTime - processor) / elapsed / Environment.ProcessorCount;
        var sorted = latencies.SelectMany(values => values).Order().ToArray();
        return new(sorted.Length, elapsed, sorted[sorted.Length / 2], sorted[(int)(sorted.Length * 0.99)], share);
    }

    private static async Task BookOnceAsync(NpgsqlConnection connection, Guid eventId)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        await using var look = Command(
            "SELECT available FROM baseline.events WHERE id = $1 FOR UPDATE", eventId);
        if ((int)(await look.ExecuteScalarAsync())! < 1) throw new InvalidOperationException("Sold out.");

        var id = Guid.NewGuid();
        await using var insert = Command(
            "INSERT INTO baseline.bookings VALUES ($1, $2, $3, $4, 1, 10, now())",
            id, eventId, Guid.NewGuid(), $"EVT-{id:N}");
        await insert.ExecuteNonQueryAsync();
        await using var count = Command(
            "UPDATE baseline.events SET available = available - 1 WHERE id = $1", eventId);
        await count.ExecuteNonQueryAsync();
        await transaction.CommitAsync();

        NpgsqlCommand Command(string sql, params object[] values)
        {
            var command = new NpgsqlCommand(sql, connection, transaction);
            foreach (var value in values) command.Parameters.Add(new() { Value = value });
            return command;
        }
    }
}
