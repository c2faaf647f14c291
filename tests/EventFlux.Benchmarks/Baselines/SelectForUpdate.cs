using Npgsql;

namespace EventFlux.Benchmarks.Baselines;

/// <summary>The usual way: a transaction locks the event's row, looks, inserts the booking and counts it.</summary>
internal static class SelectForUpdate
{
    public static async ValueTask BookAsync(NpgsqlConnection connection, Guid eventId)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        await using var look = Command("SELECT available FROM baseline.events WHERE id = $1 FOR UPDATE", eventId);
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
