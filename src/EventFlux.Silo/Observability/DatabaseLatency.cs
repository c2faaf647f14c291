using EventFlux.Silo.Hosting;
using Npgsql;

namespace EventFlux.Silo.Observability;

/// <summary>How long one round trip to the database takes, on the pool that no sale can use up. Safe for concurrent
/// use.</summary>
internal sealed class DatabaseLatency(
    [FromKeyedServices(DataSources.Membership)] NpgsqlDataSource database, TimeProvider time)
{
    public async Task<DatabaseHealth> MeasureAsync(TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience, time);
        try
        {
            await using var connection = await database.OpenConnectionAsync(deadline.Token);
            await using var command = new NpgsqlCommand("select 1", connection);
            // What is measured is the round trip; to have a connection may take longer, once.
            var sent = time.GetTimestamp();
            await command.ExecuteScalarAsync(deadline.Token).WaitAsync(deadline.Token);
            return new("ok", decimal.Round((decimal)time.GetElapsedTime(sent).TotalMilliseconds, 2));
        }
        catch (Exception)
        {
            // Whatever it was: an operator reads in the log why, and here that.
            return new("unreachable", null);
        }
    }
}
