using System.Diagnostics;

namespace EventFlux.Grains.Seats;

/// <summary>
/// Chooses for a party that finds no place side by side: as few parts as there can be, which the longest runs tell;
/// nobody sits alone if that can be had; then as few seats as possible are left alone; then near the focal point and
/// near each other.
/// <para>
/// Of each length only the nearest few runs are looked at, as many as a choice could use. One part is fixed after the
/// other: each run in turn is the first, the runs nearest to it follow, as long as the longest of the others can still
/// make up what is missing, and the last is the one with which the whole comes out best. So the parts are truly the
/// fewest; where there are three or more, a better choice among as many may be missed.
/// </para>
/// </summary>
internal ref struct SplitParty
{
    private const int LeastOfALength = 4;

    // Of comparisons in a choice: with few parts each run may be the first, with very many only the nearest.
    private const int Effort = 50_000;

    private readonly SeatMap _map;
    private readonly int _quantity;
    private readonly int _parts;
    private readonly int _leastPart;
    private readonly PartPlace[] _places;
    private readonly bool[] _isTaken;
    private readonly int[] _chosen;
    private readonly PartPlace[] _cut;
    private readonly int[] _sizes;
    private (int Stranded, double Distance) _best = (int.MaxValue, 0);
    private int[] _bestChosen = [];

    private SplitParty(SeatMap map, int quantity, List<PartPlace> longestFirst, int parts)
    {
        (_map, _quantity, _parts) = (map, quantity, parts);
        _leastPart = LeastPart(quantity, parts, longestFirst[parts - 1].Run.Length);
        _places = [.. longestFirst];
        (_isTaken, _chosen) = (new bool[_places.Length], new int[parts]);
        (_cut, _sizes) = (new PartPlace[parts], new int[parts]);
    }

    /// <param name="sections">In which no run is as long as the party.</param>
    /// <returns>The indices of the chosen seats, ascending; null when there are not as many.</returns>
    public static int[]? Choose(SeatMap map, SectionRows[] sections, int quantity)
    {
        var (places, seats, parts, least) = (new List<PartPlace>(), 0, 0, 1);
        for (var length = Math.Min(quantity - 1, map.LongestRow); length >= least; length--)
        {
            var search = new RunSearch(map, length, Math.Max(LeastOfALength, (quantity + length - 1) / length));
            foreach (var section in sections) search.Visit(section, SectionRows.Root);
            places.AddRange(search.Found);
            for (var i = 0; i < search.Found.Count && seats < quantity; i++)
            {
                parts++;
                seats += length;
                // From here on it is known how many parts there will be, and which runs are too short to be one.
                if (seats >= quantity)
                    least = Math.Max(quantity - (seats - length), LeastPart(quantity, parts, shortest: length));
            }
        }

        return seats < quantity ? null : new SplitParty(map, quantity, places, parts).Choose();
    }

    /// <summary>2 when nobody need sit alone.</summary>
    private static int LeastPart(int quantity, int parts, int shortest) =>
        shortest > 1 && quantity >= 2 * parts ? 2 : 1;

    private int[] Choose()
    {
        var least = LeastUsable(0, _quantity);
        var firsts = Enumerable.Range(0, _places.Length).ToArray();
        var places = _places;
        Array.Sort(firsts, (a, b) => places[a].CompareTo(places[b]));
        var tries = Math.Max(1, Effort / (_parts * _places.Length));
        foreach (var first in firsts)
        {
            // By way of the first run nobody is nearer to the focal point than it is itself.
            if (_best.Stranded == 0 && _quantity * _places[first].FromFocalPoint >= _best.Distance) break;
            if (_places[first].Run.Length < least) continue;
            Follow(first);
            if (--tries == 0) break;
        }

        return SeatsOfBest();
    }

    /// <summary>Finds the other parts for a first one.</summary>
    private void Follow(int first)
    {
        Array.Clear(_isTaken);
        var missing = _quantity;
        Take(0, first, ref missing);
        for (var part = 1; part < _parts - 1; part++)
        {
            var (least, nearest) = (LeastUsable(part, missing), (At: -1, Distance: double.MaxValue));
            for (var i = 0; i < _places.Length; i++)
            {
                if (_isTaken[i] || _places[i].Run.Length < least) continue;
                var distance = _places[i].Position.DistanceTo(_places[first].Position);
                if (distance < nearest.Distance) nearest = (i, distance);
            }

            Take(part, nearest.At, ref missing);
        }

        for (var i = 0; i < _places.Length; i++)
        {
            if (_isTaken[i] || _places[i].Run.Length < missing) continue;
            _chosen[^1] = i;
            Weigh();
        }
    }

    private readonly void Take(int part, int place, ref int missing)
    {
        (_chosen[part], _isTaken[place]) = (place, true);
        missing -= _places[place].Run.Length;
    }

    /// <summary>What a run must hold to be the next part, when the longest of the others follow it.</summary>
    private readonly int LeastUsable(int part, int missing)
    {
        for (var (i, follow) = (0, _parts - part - 1); follow > 0; i++)
        {
            if (_isTaken[i]) continue;
            missing -= _places[i].Run.Length;
            follow--;
        }

        return missing;
    }

    /// <summary>Keeps the chosen runs if they are the best so far.</summary>
    private void Weigh()
    {
        var stranded = Cut(_chosen);
        if (stranded > _best.Stranded) return;
        var distance = 0d;
        for (var part = 0; part < _parts; part++)
        {
            var place = _cut[part];
            distance += _sizes[part] * (place.FromFocalPoint
                                        + place.Position.DistanceTo(_places[_chosen[0]].Position));
        }

        if (_bestChosen.Length > 0 && (stranded, distance).CompareTo(_best) >= 0) return;
        _best = (stranded, distance);
        _bestChosen = [.. _chosen];
    }

    /// <summary>
    /// Says how many seats of each run are taken, and leaves out what is too much: of a run none, or two and more, or
    /// else the one that stays is alone, unless its end is open. So open runs lose first, then the longest, and the one
    /// before the last keeps one more if otherwise a single seat would be left to lose.
    /// </summary>
    /// <returns>How many seats are left alone.</returns>
    private readonly int Cut(ReadOnlySpan<int> chosen)
    {
        var (surplus, stranded) = (-_quantity, 0);
        for (var part = 0; part < chosen.Length; part++)
        {
            var place = _places[chosen[part]];
            surplus += place.Run.Length;
            var at = part;
            for (; at > 0 && Rank(place) < Rank(_cut[at - 1]); at--) _cut[at] = _cut[at - 1];
            _cut[at] = place;
        }

        for (var part = 0; part < _cut.Length; part++)
        {
            var run = _cut[part].Run;
            var lost = Math.Min(surplus, run.Length - _leastPart);
            var canNextLoseTwo = part + 1 < _cut.Length && _cut[part + 1].Run.Length >= _leastPart + 2;
            if (surplus - lost == 1 && canNextLoseTwo && lost >= (run.IsOpen ? 1 : 3)) lost--;
            if (lost == 1 && !run.IsOpen) stranded++;
            surplus -= lost;
            _sizes[part] = run.Length - lost;
        }

        Debug.Assert(surplus == 0, "The parts are not as many seats as wanted.");
        return stranded;
    }

    private static int Rank(in PartPlace place) => place.Run.IsOpen ? int.MinValue : -place.Run.Length;

    private readonly int[] SeatsOfBest()
    {
        Cut(_bestChosen);
        var seats = new List<int>(_quantity);
        for (var part = 0; part < _parts; part++)
        {
            var search = new WindowSearch(_map, _sizes[part], mayLeaveAlone: false);
            search.Visit(_cut[part].Run);
            if (search.First < 0)
            {
                search = new(_map, _sizes[part], mayLeaveAlone: true);
                search.Visit(_cut[part].Run);
            }

            seats.AddRange(Enumerable.Range(search.First, _sizes[part]));
        }

        seats.Sort();
        return [.. seats];
    }
}
