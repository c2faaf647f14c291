using EventFlux.Contracts.Seats;
using EventFlux.Grains.Seats;

namespace EventFlux.Benchmarks.Seats;

/// <summary>What best available is measured against: one pass over all seats, with running sums.</summary>
internal static class HouseSearch
{
    /// <summary>The first seat of the best place side by side, or -1.</summary>
    public static int Choose(SeatMap map, int quantity)
    {
        var best = (Stranded: int.MaxValue, Distance: long.MaxValue, First: -1);
        for (var row = 0; row < map.RowCount; row++)
        {
            var (first, count) = map.Row(row);
            var distances = map.Distances(first, count);
            var (length, sum) = (0, 0L);
            for (var i = 0; i < count; i++)
            {
                if (!map.IsFree(first + i) || map.KindOf(first + i) != SeatKind.Standard)
                {
                    (length, sum) = (0, 0);
                    continue;
                }

                sum += distances[i];
                if (++length > quantity) sum -= distances[i - quantity];
                if (length < quantity) continue;
                var stranded = (IsLeftAlone(map, first, count, i - quantity, -1) ? 1 : 0)
                               + (IsLeftAlone(map, first, count, i + 1, 1) ? 1 : 0);
                if ((stranded, sum).CompareTo((best.Stranded, best.Distance)) < 0)
                    best = (stranded, sum, first + i - quantity + 1);
            }
        }

        return best.First;
    }

    /// <summary>Whether a seat is free and has nobody beyond it.</summary>
    private static bool IsLeftAlone(SeatMap map, int first, int count, int seat, int away) =>
        IsFree(map, first, count, seat) && map.KindOf(first + seat) == SeatKind.Standard
        && !IsFree(map, first, count, seat + away);

    private static bool IsFree(SeatMap map, int first, int count, int seat) =>
        seat >= 0 && seat < count && map.IsFree(first + seat);
}
