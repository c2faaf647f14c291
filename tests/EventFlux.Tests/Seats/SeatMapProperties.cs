using System.Numerics;
using CsCheck;
using EventFlux.Contracts.Seats;
using EventFlux.Grains.Seats;

namespace EventFlux.Tests.Seats;

/// <summary>What the map keeps up to date for searches.</summary>
public sealed class SeatMapProperties
{
    private const int Iterations = 2_000;

    [Fact]
    public void AnyChanges_LeaveWhatAFreshMapOfTheSameStatesHas() =>
        Gen.Select(Houses.Plan, Gen.Select(Gen.Int[0, 1_000], Gen.Enum<SeatState>()).Array[0, 200]).Sample(
            (plan, changes) =>
            {
                var (changed, fresh) = (new SeatMap(plan), new SeatMap(plan));
                if (changed.Count == 0) return;
                foreach (var (seat, state) in changes) changed.Set(seat % changed.Count, state);
                for (var seat = changed.Count - 1; seat >= 0; seat--) fresh.Set(seat, changed.StateOf(seat));
                for (var section = 0; section < plan.Sections.Length; section++)
                {
                    AssertSame(
                        fresh, fresh.SectionsNearestFirst[section], changed.SectionsNearestFirst[section]);
                }
            },
            iter: Iterations);

    [Fact]
    public void AnyHouse_EachRowsNodeTellsItsRuns() =>
        Houses.Sold.Sample(
            map =>
            {
                foreach (var section in map.SectionsNearestFirst)
                {
                    for (var leaf = LeavesOf(section); leaf < LeavesOf(section) + section.NearestFirst.Length; leaf++)
                        AssertTellsRuns(map, section, leaf);
                }
            },
            iter: Iterations);

    [Fact]
    public void Ids_AreFound()
    {
        var map = DrawnHouse.Of("..", "= 20", ". .");

        Assert.Equal(["S0-1-1", "S0-1-2", "S1-3-1", "S1-3-3"], [.. Enumerable.Range(0, 4).Select(i => map[i].Id)]);
        Assert.Equal(3, map.Find("S1-3-3"));
        Assert.Equal(-1, map.Find("S1-3-2"));
        Assert.Equal([(0, 2), (2, 1), (3, 1)], [.. Enumerable.Range(0, map.RowCount).Select(map.Row)]);
        Assert.Equal([10m, 20m], [map.PriceOf(0), map.PriceOf(2)]);
    }

    private static void AssertTellsRuns(SeatMap map, SectionRows section, int leaf)
    {
        var (first, count) = map.Row(section.RowAt(leaf));
        var marks = string.Concat(Enumerable.Range(first, count).Select(seat =>
            !map.IsFree(seat) ? 'x' : map[seat].Kind == SeatKind.Standard ? '.' : 'w'));
        var longest = marks.Split('x', 'w').Max(run => run.Length);
        for (var length = 1; length <= 72; length++)
        {
            Assert.Equal(
                longest >= Math.Min(length, 64),
                section.MayHold(leaf, SectionRows.AtLeast(length), long.MaxValue));
        }
    }

    private static void AssertSame(SeatMap map, SectionRows expected, SectionRows actual)
    {
        Assert.Equal(expected.NearestFirst, actual.NearestFirst);
        for (var node = 1; node < 2 * LeavesOf(expected); node++)
        {
            for (var bit = 0; bit < 64; bit++)
            {
                Assert.Equal(
                    expected.MayHold(node, 1ul << bit, long.MaxValue), actual.MayHold(node, 1ul << bit, long.MaxValue));
            }

            foreach (var distance in map.Distances(0, map.Count))
            {
                Assert.Equal(
                    expected.MayHold(node, ulong.MaxValue, distance), actual.MayHold(node, ulong.MaxValue, distance));
            }
        }
    }

    private static int LeavesOf(SectionRows rows) =>
        (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, rows.NearestFirst.Length));
}
