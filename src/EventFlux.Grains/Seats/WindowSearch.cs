namespace EventFlux.Grains.Seats;

/// <summary>Looks for the nearest seats side by side; among equally near ones, the lowest index.</summary>
/// <param name="mayLeaveAlone">Whether places will do that leave another seat alone.</param>
internal struct WindowSearch(SeatMap map, int quantity, bool mayLeaveAlone)
{
    private readonly ulong _lengths =
        mayLeaveAlone ? SectionRows.AtLeast(quantity) : SectionRows.WithoutStranding(quantity);

    private long _distance = long.MaxValue;
    private long _distanceOfOne = long.MaxValue - 1;

    /// <summary>The first seat found, or -1.</summary>
    public int First { get; private set; } = -1;

    public void Visit(SectionRows rows, int node)
    {
        // No seats are nearer than the nearest one, that many times.
        if (!rows.MayHold(node, _lengths, _distanceOfOne)) return;
        if (rows.RowAt(node) is >= 0 and var row)
        {
            foreach (var run in map.FreeRunsOf(row)) Visit(run);
            return;
        }

        Visit(rows, 2 * node);
        Visit(rows, (2 * node) + 1);
    }

    /// <summary>Looks at the places in one run.</summary>
    public void Visit(in FreeRun run)
    {
        if (run.Length < quantity) return;
        var distances = map.Distances(run.First, run.Length);
        var sum = 0L;
        for (var end = 0; end < distances.Length; end++)
        {
            sum += distances[end];
            var start = end - quantity + 1;
            if (start < 0) continue;
            if (start > 0) sum -= distances[start - 1];
            var first = run.First + start;
            if (sum > _distance || (sum == _distance && first > First)) continue;
            if (!mayLeaveAlone && run.StrandedBy(first, quantity) > 0) continue;
            (First, _distance, _distanceOfOne) = (first, sum, sum / quantity);
        }
    }
}
