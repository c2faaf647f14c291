using Npgsql;
using NpgsqlTypes;

namespace EventFlux.Grains.Storage;

/// <summary>Positional parameters for a batch, one after the other: <c>$1</c>, <c>$2</c> …</summary>
public static class BatchCommands
{
    public static NpgsqlBatchCommand Add(this NpgsqlBatch batch, string sql)
    {
        var command = new NpgsqlBatchCommand(sql);
        batch.BatchCommands.Add(command);
        return command;
    }

    public static NpgsqlBatchCommand With<T>(this NpgsqlBatchCommand command, T value)
        where T : struct
    {
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return command;
    }

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, string? value) =>
        command.With(NpgsqlDbType.Text, value);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, DateTimeOffset? value) =>
        command.With(NpgsqlDbType.TimestampTz, value);

    /// <summary>One column of the rows, as an array.</summary>
    public static NpgsqlBatchCommand With<TRow, TColumn>(
        this NpgsqlBatchCommand command, NpgsqlDbType type, IReadOnlyList<TRow> rows, Func<TRow, TColumn> column)
    {
        var values = new TColumn[rows.Count];
        for (var i = 0; i < values.Length; i++) values[i] = column(rows[i]);
        return command.With(NpgsqlDbType.Array | type, values);
    }

    private static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, NpgsqlDbType type, object? value)
    {
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type, Value = value ?? DBNull.Value });
        return command;
    }
}
