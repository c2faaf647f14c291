using System.Data;
using EventFlux.Contracts.Faults;
using Npgsql;

namespace EventFlux.Grains.Storage;

/// <summary>A sum that is not what the rows come to.</summary>
/// <param name="Place">Which row of the table: an event, a day, a user.</param>
/// <param name="What">The column.</param>
public sealed record SumDifference(string Table, string Place, string What, decimal Kept, decimal Recomputed);

/// <summary>
/// Recomputes from the rows what is kept as sums. Reads one snapshot, so it is exact while silos sell. The database
/// compares; what arrives here is one difference after the other.
/// </summary>
public sealed class Verification(NpgsqlDataSource source)
{
    /// <summary>Calls <paramref name="found"/> with each difference.</summary>
    /// <param name="looking">Called with a table's name before it is looked at; it may take minutes.</param>
    /// <returns>How many there are.</returns>
    /// <exception cref="ServiceUnavailableException">The database can't be reached.</exception>
    public async Task<long> RunAsync(
        Action<SumDifference> found, Action<string> looking, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            await using var transaction =
                await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            var differences = 0L;
            foreach (var (table, sql) in KeptSums.Checks)
            {
                looking(table);
                await using var command = new NpgsqlCommand(sql, connection, transaction) { CommandTimeout = 0 };
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                while (await reader.ReadAsync(cancellationToken))
                {
                    differences++;
                    found(new(
                        table, reader.GetString(0), reader.GetString(1), reader.GetDecimal(2), reader.GetDecimal(3)));
                }
            }

            return differences;
        }
        catch (NpgsqlException exception) when (Database.IsUnavailable(exception))
        {
            throw new ServiceUnavailableException("The database can't be reached now.", exception);
        }
    }
}
