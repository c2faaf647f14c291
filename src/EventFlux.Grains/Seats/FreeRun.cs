using EventFlux.Contracts.Seats;

namespace EventFlux.Grains.Seats;

/// <summary>Free standard seats side by side, as many as there are between two others or ends of the row.</summary>
/// <param name="OpensLeft">Before it is a free seat of another kind: who sits at that end has company.</param>
/// <param name="OpensRight">After it is one.</param>
internal readonly record struct FreeRun(int First, int Length, bool OpensLeft, bool OpensRight)
{
    public int End => First + Length;

    public bool IsOpen => OpensLeft || OpensRight;

    /// <summary>How many of the run's seats would be left alone when these are taken: 0, 1 or 2.</summary>
    public int StrandedBy(int first, int quantity) =>
        (first - First == 1 && !OpensLeft ? 1 : 0) + (End - first - quantity == 1 && !OpensRight ? 1 : 0);
}

/// <summary>Goes over the runs of one row, in their order.</summary>
/// <param name="first">The row's first seat.</param>
/// <param name="marks">The row's seats, as <see cref="SeatMark"/> has them.</param>
internal ref struct FreeRuns(int first, ReadOnlySpan<byte> marks)
{
    private readonly ReadOnlySpan<byte> _marks = marks;
    private int _end;

    public FreeRun Current { get; private set; }

    public readonly FreeRuns GetEnumerator() => this;

    public bool MoveNext()
    {
        var gap = _marks[_end..].IndexOf(SeatMark.FreeStandard);
        if (gap < 0) return false;
        var start = _end + gap;
        var length = _marks[start..].IndexOfAnyExcept(SeatMark.FreeStandard);
        _end = length < 0 ? _marks.Length : start + length;
        Current = new(
            first + start, _end - start, start > 0 && SeatMark.IsFree(_marks[start - 1]),
            _end < _marks.Length && SeatMark.IsFree(_marks[_end]));
        return true;
    }
}

/// <summary>A seat's kind and state in one byte, so that a search reads little and a free standard seat is 0.</summary>
internal static class SeatMark
{
    public const byte FreeStandard = 0;
    private const int StateBits = 2;
    private const int StateMask = (1 << StateBits) - 1;

    public static byte Of(SeatKind kind, SeatState state) => (byte)(((int)kind << StateBits) | (int)state);

    public static SeatState StateOf(byte mark) => (SeatState)(mark & StateMask);

    public static SeatKind KindOf(byte mark) => (SeatKind)(mark >> StateBits);

    public static bool IsFree(byte mark) => StateOf(mark) == SeatState.Available;
}
