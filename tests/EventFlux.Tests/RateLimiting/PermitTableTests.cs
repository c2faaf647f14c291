using System.Runtime.CompilerServices;
using EventFlux.Contracts.RateLimiting;
using EventFlux.Silo.RateLimiting;

namespace EventFlux.Tests.RateLimiting;

public sealed class PermitTableTests
{
    private const int Limit = 100;
    private const long Window = 2_000_000;
    private static readonly RateLimitKey Key = new(1, 2);

    private readonly PermitTable _table = new(Limit, new RateLimitOptions().AccountsPerTier);

    [Fact]
    public void Slot_IsAsLargeAsTheBoundSays() => Assert.Equal(40, Unsafe.SizeOf<PermitSlot>());

    [Fact]
    public void Take_WithinTheShare_CountsDownAndThenAsks()
    {
        Assert.Equal([99, 98, 97], Enumerable.Range(0, 3).Select(_ => Take(share: 3).Remaining));
        Assert.Equal(PermitVerdict.MustAsk, Take(share: 3).Verdict);
    }

    [Fact]
    public void Take_InTheNextWindow_BeginsAnew()
    {
        Take(share: 1);

        Assert.Equal(99, _table.Take(Key, Window + 1, 1).Remaining);
        Assert.Equal(PermitVerdict.MustAsk, _table.Take(Key, Window + 1, 1).Verdict);
    }

    [Fact]
    public void Take_WithAClockThatIsBehind_CountsOn()
    {
        Take(share: 1);

        Assert.Equal(PermitVerdict.MustAsk, _table.Take(Key, Window - 1, 1).Verdict);
        Assert.Equal(PermitVerdict.MustAsk, Take(share: 1).Verdict);
    }

    [Fact]
    public void Receive_ForAWindowThatIsOver_IsVoid()
    {
        Take(share: 0);
        _table.Take(Key, Window + 1, 0);

        Assert.Equal(
            PermitVerdict.MustAsk,
            _table.Receive(Key, Window, new(PermitOutcome.Granted, Permits: 5, Pool: 5)).Verdict);
        Assert.Equal(PermitVerdict.MustAsk, _table.Take(Key, Window + 1, 0).Verdict);
    }

    [Fact]
    public void Surrender_OfAKeyNeverSeen_LeavesNoShare()
    {
        Assert.Equal(new(0, 0, Limit), _table.Surrender(Key, Window));

        Assert.Equal(PermitVerdict.MustAsk, Take(share: 33).Verdict);
    }

    [Fact]
    public void EndRecall_AfterAnotherTookOver_LeavesTheAccountToThatOne()
    {
        var (own, mark) = _table.BeginRecall(Key, Window);
        _table.Surrender(Key, Window);

        _table.EndRecall(Key, Window, own, mark, [], missing: 0);

        Assert.Null(_table.TryGrant(Key, Window, silos: 2));
    }

    [Fact]
    public void EndRecall_WithSilosThatDidNotAnswer_CountsTheirShareAsUsed()
    {
        for (var taken = 0; taken < 20; taken++) Take(share: 33);
        var (own, mark) = _table.BeginRecall(Key, Window);

        _table.EndRecall(Key, Window, own, mark, [new(Used: 7, Returned: 26, Pool: Limit)], missing: 33);

        Assert.Equal(new PermitGrant(PermitOutcome.Granted, 6, 34), _table.TryGrant(Key, Window, silos: 3));
    }

    [Fact]
    public void EndRecall_WhenASiloIsGone_GoesByWhatOthersHeardOfThePool()
    {
        var (own, mark) = _table.BeginRecall(Key, Window);

        _table.EndRecall(Key, Window, own, mark, [new(Used: 20, Returned: 2, Pool: 9)], missing: 0);

        Assert.Equal(11, _table.TryGrant(Key, Window, silos: 1)?.Permits);
    }

    /// <summary>The bound is the table itself; what is held here is that nothing is allocated beside it.</summary>
    [Fact]
    public void AMillionAddresses_TakeNoMemory_AndWhoIsAtTheLimitStaysThere()
    {
        var limited = Enumerable.Range(0, 100).Select(number => new RateLimitKey(7, (ulong)number)).ToArray();
        foreach (var key in limited)
        {
            _table.Take(key, Window, 0);
            _table.Receive(key, Window, new(PermitOutcome.Exhausted, 0, 0));
        }

        var busy = new RateLimitKey(8, 8);
        for (var taken = 0; taken < 60; taken++) _table.Take(busy, Window, Limit);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var address = 0UL; address < 1_000_000; address++) _table.Take(new(9, address), Window, Limit);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        Assert.All(limited, key => Assert.Equal(PermitVerdict.Refused, _table.Take(key, Window, Limit).Verdict));
        Assert.Equal(Limit - 61, _table.Take(busy, Window, Limit).Remaining);
    }

    [Fact]
    public void AFullTable_DropsEndedWindowsFirst()
    {
        for (var address = 0UL; address < 500_000; address++)
            for (var taken = 0; taken < 2; taken++)
                _table.Take(new(9, address), Window, Limit);

        for (var address = 0UL; address < 20_000; address++) _table.Take(new(10, address), Window + 1, Limit);

        for (var address = 0UL; address < 20_000; address++)
            Assert.Equal(98, _table.Take(new(10, address), Window + 1, Limit).Remaining);
    }

    private PermitStanding Take(int share) => _table.Take(Key, Window, share);
}
