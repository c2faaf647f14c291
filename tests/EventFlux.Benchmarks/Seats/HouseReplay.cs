using System.Text.Json;
using Npgsql;

namespace EventFlux.Benchmarks.Seats;

/// <summary>A sale played again from the rows, in the order in which it was decided, and looked at from end to end at
/// each step.</summary>
/// <param name="rows">The ids of seats side by side.</param>
internal sealed class HouseReplay(string[][] rows)
{
    private const string Facts = """
        SELECT f.kind, h.seats FROM outbox f JOIN holds h ON h.id = f.subject_id
         WHERE f.event_id = $1 AND f.kind IN ('tickets_held', 'hold_released', 'hold_expired') ORDER BY f.id
        """;

    private static readonly double[] Marks = [0.5, 0.75, 0.9];
    private readonly HashSet<string> _taken = [];

    public int Groups { get; private set; }

    public int Splits { get; private set; }

    /// <summary>Groups that were split though there were as many free seats side by side.</summary>
    public int NeedlessSplits { get; private set; }

    /// <summary>How much was taken when the first group was split; 1 where none was.</summary>
    public double TakenAtFirstSplit { get; private set; } = 1;

    /// <summary>Of the free seats, the part that has no free seat beside it, by the part that was taken.</summary>
    public Dictionary<double, double> Stranded { get; } = [];

    public async Task RunAsync(NpgsqlDataSource database, Guid house)
    {
        var total = rows.Sum(row => row.Length);
        await using var command = database.CreateCommand(Facts);
        command.Parameters.Add(new() { Value = house });
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            string[] seats =
            [
                .. JsonDocument.Parse(reader.GetString(1)).RootElement.EnumerateArray()
                    .Select(seat => seat.GetProperty("id").GetString()!),
            ];
            if (reader.GetString(0) != "tickets_held")
            {
                _taken.ExceptWith(seats);
                continue;
            }

            Take(seats, total);
            foreach (var mark in Marks)
                if (_taken.Count >= mark * total && !Stranded.ContainsKey(mark))
                    Stranded.Add(mark, StrandedPart());
        }
    }

    private void Take(string[] seats, int total)
    {
        Groups++;
        if (!rows.Any(row => Array.IndexOf(row, seats[0]) is >= 0 and var first
                && row.AsSpan(first).StartsWith(seats)))
        {
            Splits++;
            if (TakenAtFirstSplit == 1) TakenAtFirstSplit = (double)_taken.Count / total;
            if (HasRun(seats.Length)) NeedlessSplits++;
        }

        foreach (var seat in seats)
            if (!_taken.Add(seat)) throw new InvalidOperationException($"{seat} was held twice.");
    }

    private bool HasRun(int length) => rows.Any(row =>
    {
        var run = 0;
        foreach (var seat in row)
        {
            run = _taken.Contains(seat) ? 0 : run + 1;
            if (run == length) return true;
        }

        return false;
    });

    private double StrandedPart()
    {
        var (free, alone) = (0, 0);
        foreach (var row in rows)
        {
            for (var seat = 0; seat < row.Length; seat++)
            {
                if (_taken.Contains(row[seat])) continue;
                free++;
                if ((seat == 0 || _taken.Contains(row[seat - 1]))
                    && (seat == row.Length - 1 || _taken.Contains(row[seat + 1]))) alone++;
            }
        }

        return free == 0 ? 0 : (double)alone / free;
    }
}
