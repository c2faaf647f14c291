using CsCheck;
using EventFlux.Contracts.Seats;
using EventFlux.Grains.Seats;

namespace EventFlux.Tests.Seats;

/// <summary>Best available against a naive search of the whole house. A failure prints its seed and is
/// shrunk.</summary>
public sealed class BestAvailableProperties(ITestOutputHelper output)
{
    private const int Iterations = 10_000;
    private const double Rounding = 1e-7;

    [Fact]
    public void AnyHouse_AnyWish_NeverAWorseChoiceThanTheNaiveOne()
    {
        var (windows, splits, worse, nothing) = (0, 0, 0, 0);
        Gen.Select(Houses.Sold, Houses.Wish, OfThatHouse).Sample(
            (map, wish) =>
            {
                var naive = new NaiveSeats(map, wish);
                var best = naive.Places().OrderBy(place => place.Stranded).ThenBy(place => place.Distance).ToArray();
                var chosen = BestAvailable.Choose(map, wish);
                if (chosen is not null) AssertAsWished(map, wish, naive, chosen);
                if (best.Length > 0)
                {
                    AssertBest(best, naive.PartsOf(chosen!).Single(), naive);
                    Interlocked.Increment(ref windows);
                }
                else if (wish.Together || !naive.AreEnough())
                {
                    Assert.Null(chosen);
                    Interlocked.Increment(ref nothing);
                }
                else
                {
                    if (AssertBestSplit(wish, naive, chosen!)) Interlocked.Increment(ref worse);
                    Interlocked.Increment(ref splits);
                }
            },
            iter: Iterations);
        output.WriteLine($"{windows} side by side, {splits} split, {worse} of them not at best, {nothing} nothing");
        Assert.InRange(worse, 0, splits / 100);
        Assert.True(windows > Iterations / 4 && splits > Iterations / 20 && nothing > Iterations / 20);
    }

    [Fact]
    public void Choosing_ChangesNothing_AndIsRepeatable() =>
        Gen.Select(Houses.Sold, Houses.Wish, OfThatHouse).Sample(
            (map, wish) =>
            {
                var before = StatesOf(map);
                Assert.Equal(BestAvailable.Choose(map, wish), BestAvailable.Choose(map, wish));
                Assert.Equal(before, StatesOf(map));
            },
            iter: Iterations / 10);

    private static (SeatMap Map, SeatWish Wish) OfThatHouse(SeatMap map, SeatWish wish) =>
        (map, wish.Sections.IsDefault
            ? wish
            : wish with { Sections = [.. wish.Sections.Where(section => section < map.Plan.Sections.Length)] });

    private static void AssertAsWished(SeatMap map, SeatWish wish, NaiveSeats naive, int[] chosen)
    {
        Assert.Equal(wish.Quantity, chosen.Length);
        Assert.Equal(chosen.Distinct().Order(), chosen);
        Assert.All(chosen, seat => Assert.True(naive.Fits(seat)));
        Assert.Equal(wish.Wheelchairs, chosen.Count(seat => map[seat].Kind == SeatKind.Wheelchair));
    }

    private static void AssertBest(NaiveSeats.Place[] best, int[] chosen, NaiveSeats naive)
    {
        var place = naive.Judge(chosen);
        Assert.Equal(best[0].Stranded, place.Stranded);
        Assert.InRange(place.Distance, 0, best[0].Distance + Rounding);
        var asNear = best.Where(other => other.Stranded == place.Stranded
                                         && other.Distances.SequenceEqual(place.Distances));
        Assert.Equal(place.First, asNear.OrderBy(other => other.Standard).ThenBy(other => other.First).First().First);
    }

    /// <returns>Whether fewer could be left alone by as many parts.</returns>
    private static bool AssertBestSplit(SeatWish wish, NaiveSeats naive, int[] chosen)
    {
        // What must be so with places for wheelchairs is only that everybody sits.
        if (wish.Wheelchairs > 0) return false;
        var (best, parts) = (naive.BestSplit(), naive.PartsOf(chosen));
        Assert.Equal(best.Parts, parts.Count);
        Assert.Equal(best.HasSingle, parts.Any(part => part.Length == 1));
        var stranded = naive.Stranded(chosen);
        Assert.True(stranded >= best.Stranded, "The naive search is not as good as it should be.");
        return stranded > best.Stranded;
    }

    private static SeatState[] StatesOf(SeatMap map) => [.. Enumerable.Range(0, map.Count).Select(map.StateOf)];
}
