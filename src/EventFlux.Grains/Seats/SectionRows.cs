using System.Numerics;

namespace EventFlux.Grains.Seats;

/// <summary>
/// The rows of one section as a binary tree, nearest row first. Each node knows which lengths of free runs are
/// somewhere below it, and how near to the focal point the nearest free standard seat below it is; so a search leaves
/// out all rows that hold nothing for it, or nothing better than it has, without looking at them.
/// </summary>
internal sealed class SectionRows
{
    private const int LongestTold = 64;

    // Node 1 is the root, the children of n are 2n and 2n + 1, and the last half of the nodes are rows.
    private readonly ulong[] _lengths;
    private readonly long[] _nearest;
    private readonly int _leaves;
    private readonly int _firstRow;
    private readonly int[] _leafOf;

    /// <param name="nearestFirst">The section's rows, which follow one another in the plan.</param>
    public SectionRows(int section, int[] nearestFirst)
    {
        (Section, NearestFirst) = (section, nearestFirst);
        _leaves = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, nearestFirst.Length));
        (_lengths, _nearest) = (new ulong[2 * _leaves], new long[2 * _leaves]);
        Array.Fill(_nearest, long.MaxValue);
        _firstRow = nearestFirst.Length == 0 ? 0 : nearestFirst.Min();
        _leafOf = new int[nearestFirst.Length];
        for (var i = 0; i < nearestFirst.Length; i++) _leafOf[nearestFirst[i] - _firstRow] = _leaves + i;
    }

    public static int Root => 1;

    /// <summary>Index in the plan's sections.</summary>
    public int Section { get; }

    public int[] NearestFirst { get; }

    /// <summary>Those among them with places for wheelchairs.</summary>
    public int[] WithWheelchairs { get; init; } = [];

    /// <summary>The length of runs of so many seats, as one bit of all lengths. 64 stands for all above, too: whoever
    /// asks must still look, as everywhere here.</summary>
    public static ulong Exactly(int seats) => 1ul << (Math.Min(seats, LongestTold) - 1);

    /// <summary>The lengths of runs in which so many seats can be taken and nobody is left alone: all of the run, or
    /// all but two or more.</summary>
    public static ulong WithoutStranding(int quantity) => Exactly(quantity) | AtLeast(quantity + 2);

    /// <summary>The lengths of runs with so many seats.</summary>
    public static ulong AtLeast(int quantity) => ulong.MaxValue << (Math.Min(quantity, LongestTold) - 1);

    /// <summary>Whether there may be a run of one of those lengths below a node, and a free seat so near.</summary>
    public bool MayHold(int node, ulong lengths, long distance) =>
        (_lengths[node] & lengths) != 0 && _nearest[node] <= distance;

    /// <summary>The row that a node is, or -1 for one with children.</summary>
    public int RowAt(int node) => node < _leaves ? -1 : NearestFirst[node - _leaves];

    /// <summary>To be told whenever a seat of that row has become free, or no longer is.</summary>
    public void Refresh(SeatMap map, int row)
    {
        var (lengths, nearest) = (0ul, long.MaxValue);
        foreach (var run in map.FreeRunsOf(row))
        {
            lengths |= Exactly(run.Length);
            // At an open end one seat may stay: the run is as good as one that is shorter by it.
            if (run.IsOpen && run.Length > 1) lengths |= Exactly(run.Length - 1);
            foreach (var distance in map.Distances(run.First, run.Length)) nearest = Math.Min(nearest, distance);
        }

        var node = _leafOf[row - _firstRow];
        while (_lengths[node] != lengths || _nearest[node] != nearest)
        {
            (_lengths[node], _nearest[node]) = (lengths, nearest);
            if (node == Root) return;
            lengths |= _lengths[node ^ 1];
            nearest = Math.Min(nearest, _nearest[node ^ 1]);
            node /= 2;
        }
    }
}
