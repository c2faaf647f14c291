using Npgsql;

namespace EventFlux.Silo.Hosting;

/// <summary>
/// Asks the database whether it answers and has the schema. Asked by many at once it asks the database once, and an
/// answer holds for half a second: a flood of health checks costs nothing. Safe for concurrent use.
/// </summary>
internal sealed class HealthProbe(
    [FromKeyedServices(DataSources.Membership)] NpgsqlDataSource database, TimeProvider time)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ReuseFor = TimeSpan.FromMilliseconds(500);

    private readonly MigrationRunner _migrations = new(database.ConnectionString, MigrationScript.Embedded());
    private readonly Lock _gate = new();
    private Task<Answer>? _current;
    private long _askedAt;
    private volatile bool _schemaIsCurrent;

    /// <param name="DatabaseAnswers">A query came back in time.</param>
    /// <param name="SchemaIsCurrent">Every migration of this program is applied.</param>
    public sealed record Answer(bool DatabaseAnswers, bool SchemaIsCurrent);

    public Task<Answer> AskAsync()
    {
        lock (_gate)
        {
            if (_current is not null && (!_current.IsCompleted || time.GetElapsedTime(_askedAt) < ReuseFor))
                return _current;
            _askedAt = time.GetTimestamp();
            return _current = Task.Run(ProbeAsync);
        }
    }

    private async Task<Answer> ProbeAsync()
    {
        using var deadline = new CancellationTokenSource(Timeout, time);
        try
        {
            if (_schemaIsCurrent)
            {
                await using var command = database.CreateCommand("select 1");
                await command.ExecuteScalarAsync(deadline.Token);
            }
            else
            {
                // A schema only moves forward, so one look is enough.
                _schemaIsCurrent = await _migrations.IsCurrentAsync(database, deadline.Token);
            }

            return new Answer(true, _schemaIsCurrent);
        }
        catch (PostgresException answered) when (answered.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return new Answer(true, false);
        }
        catch (Exception failure) when (failure is NpgsqlException or OperationCanceledException or TimeoutException)
        {
            return new Answer(false, _schemaIsCurrent);
        }
    }
}
