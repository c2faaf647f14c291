using EventFlux.Contracts.Seats;
using EventFlux.Grains.Storage;
using EventFlux.Silo.AdminConsole.Parts;
using EventFlux.Silo.Api;

namespace EventFlux.Silo.AdminConsole.Seats;

/// <summary>
/// An event's seats as one open page shows them: the plan, where each seat is in the sale, and what the person before
/// the page has marked. A seat is known by its index in the order of the plan. Each row remembers when it changed, so
/// that only such rows are drawn anew. Used on the page's scheduler only.
/// </summary>
public sealed class SeatHouse
{
    private readonly byte[] _states;
    private readonly string[] _ids;
    private readonly DrawnRow[] _rowOf;
    private readonly bool[] _isPicked;
    private readonly bool[] _isBest;
    private readonly int[][] _counts;
    private readonly Dictionary<string, int> _byId;

    /// <param name="stored">The plan.</param>
    /// <param name="news">Of that plan, with every seat's state.</param>
    internal SeatHouse(StoredSeatPlan stored, AvailabilityNews news)
    {
        (PlanVersion, Version, _states) = (stored.Version, news.Version, [.. news.States]);
        var scale = new SeatScale(stored.Plan);
        FocalPoint = scale.Of(stored.Plan.FocalPoint);
        (_ids, _rowOf) = (new string[_states.Length], new DrawnRow[_states.Length]);
        (_isPicked, _isBest) = (new bool[_states.Length], new bool[_states.Length]);
        var next = 0;
        Sections = [.. stored.Plan.Sections.Select((section, index) =>
            new DrawnSection(section.Code, section.Name, section.Price, [.. section.Rows.Select(row =>
            {
                var first = next;
                var drawn = new DrawnRow(
                    index, row.Label, first, [.. row.Seats.Select(seat => scale.Of(seat.Position))],
                    [.. row.Seats.Select(seat => seat.Kind)]);
                foreach (var seat in row.Seats)
                {
                    (_ids[next], _rowOf[next]) = ($"{section.Code}-{row.Label}-{seat.Number}", drawn);
                    next++;
                }

                return drawn;
            })]))];
        _counts = [.. Sections.Select(_ => new int[SeatShapes.States.Count])];
        _byId = new(_ids.Length, StringComparer.Ordinal);
        for (var seat = 0; seat < _ids.Length; seat++)
        {
            _byId.Add(_ids[seat], seat);
            _counts[_rowOf[seat].Section][_states[seat]]++;
        }
    }

    /// <summary>Of the plan.</summary>
    public long PlanVersion { get; }

    /// <summary>What of the sale is shown.</summary>
    public long Version { get; private set; }

    /// <summary>Rises with each change of anything that is drawn.</summary>
    public int Stamp { get; private set; }

    /// <summary>The parts of the house, in the order of the plan.</summary>
    public IReadOnlyList<DrawnSection> Sections { get; }

    /// <summary>What everybody looks at, in the drawing's units.</summary>
    public SeatPosition FocalPoint { get; }

    /// <summary>How many seats there are.</summary>
    public int Count => _states.Length;

    /// <summary>How many seats are marked.</summary>
    public int PickedCount { get; private set; }

    /// <summary>Ids of the marked seats, in the order of the plan.</summary>
    public IEnumerable<string> Picked => _ids.Where((_, seat) => _isPicked[seat]);

    internal SeatState StateOf(int seat) => (SeatState)_states[seat];

    internal string IdOf(int seat) => _ids[seat];

    internal bool IsPicked(int seat) => _isPicked[seat];

    internal bool IsBest(int seat) => _isBest[seat];

    internal int CountOf(SeatState state) => _counts.Sum(section => section[(int)state]);

    internal int CountOf(int section, SeatState state) => _counts[section][(int)state];

    /// <summary>What these seats cost together; null where the plan doesn't have them all.</summary>
    internal decimal? AmountOf(IReadOnlyCollection<string> ids) => ids.All(_byId.ContainsKey)
        ? ids.Sum(id => Sections[_rowOf[_byId[id]].Section].Price)
        : null;

    /// <summary>A seat in words.</summary>
    internal string Describe(int seat, string currency)
    {
        var row = _rowOf[seat];
        var words = $"{_ids[seat]}, {Shown.Amount(Sections[row.Section].Price, currency)}, {StateOf(seat).ToWord()}";
        var kind = row.Kinds[seat - row.First];
        return kind == SeatKind.Standard ? words : $"{words}, {kind.ToText()}";
    }

    /// <summary>Takes over news of this plan. News that build on what isn't here yet, or are older, are left.</summary>
    internal void Apply(AvailabilityNews news)
    {
        if (news.Version <= Version) return;
        if (!news.States.IsDefault)
        {
            for (var seat = 0; seat < _states.Length; seat++) Set(seat, news.States[seat]);
        }
        else
        {
            if (news.Since > Version) return;
            foreach (var (seat, state) in news.Changes) Set(seat, (byte)state);
        }

        Version = news.Version;
    }

    /// <summary>Marks a seat, or no longer.</summary>
    internal void Pick(int seat) => Pick(seat, !_isPicked[seat]);

    /// <summary>Marks a whole row; no longer where all of it is marked.</summary>
    internal void Pick(DrawnRow row)
    {
        var isWanted = !Enumerable.Range(row.First, row.Count).All(IsPicked);
        for (var seat = row.First; seat < row.First + row.Count; seat++) Pick(seat, isWanted);
    }

    internal void PickNone()
    {
        for (var seat = 0; seat < _isPicked.Length; seat++) Pick(seat, isWanted: false);
    }

    /// <summary>Shows which seats would be chosen. Those that the plan doesn't have are left.</summary>
    internal void ShowBest(IReadOnlyCollection<string> ids)
    {
        var best = ids.Select(id => _byId.GetValueOrDefault(id, -1)).ToHashSet();
        for (var seat = 0; seat < _isBest.Length; seat++)
        {
            if (_isBest[seat] == best.Contains(seat)) continue;
            _isBest[seat] = !_isBest[seat];
            Touch(seat);
        }
    }

    /// <summary>Whether all of these seats are in the plan and can be had.</summary>
    internal bool AreAvailable(IReadOnlyCollection<string> ids) =>
        ids.All(id => _byId.TryGetValue(id, out var seat) && StateOf(seat) == SeatState.Available);

    private void Set(int seat, byte state)
    {
        if (_states[seat] == state) return;
        var counts = _counts[_rowOf[seat].Section];
        counts[_states[seat]]--;
        counts[state]++;
        _states[seat] = state;
        Touch(seat);
    }

    private void Pick(int seat, bool isWanted)
    {
        if (_isPicked[seat] == isWanted) return;
        _isPicked[seat] = isWanted;
        PickedCount += isWanted ? 1 : -1;
        Touch(seat);
    }

    private void Touch(int seat)
    {
        _rowOf[seat].Stamp++;
        Stamp++;
    }
}
