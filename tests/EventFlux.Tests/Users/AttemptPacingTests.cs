using EventFlux.Grains.Users;

namespace EventFlux.Tests.Users;

/// <summary>When an attempt at a password may be made, by a clock that the test moves.</summary>
public sealed class AttemptPacingTests
{
    private static readonly Guid Account = Guid.NewGuid();
    private static readonly Guid Attacker = Guid.NewGuid();
    private static readonly Guid Owner = Guid.NewGuid();

    private readonly AttemptPacing _pacing = new(capacity: 100);
    private DateTimeOffset _now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Admit_TheFirstTen_WaitForNothing()
    {
        for (var i = 0; i < AttemptPacing.FreeAttempts; i++) Assert.Equal(new(TimeSpan.Zero), Try(Attacker));

        // Also the eleventh, who finds nobody before him; but he makes the next one wait.
        Assert.Equal(new(TimeSpan.Zero), Try(Attacker));
        Assert.Equal(new(AttemptPacing.ShortestPause), Try(Attacker));
    }

    [Fact]
    public void Admit_MoreAndMoreFailures_PauseLongerAndNeverLongerThanTheLongest()
    {
        for (var i = 0; i < AttemptPacing.FreeAttempts + 1; i++) Try(Attacker);
        var pauses = new List<double>();
        for (var i = 0; i < 40; i++)
        {
            var admission = Try(Attacker);
            Assert.Null(admission.RetryAfter);
            pauses.Add(admission.Pause.TotalSeconds);
            _now += admission.Pause;
        }

        Assert.Equal(pauses.Order(), pauses);
        Assert.Equal([0.5, 1, 2, 4], pauses.Distinct());
        Assert.True(pauses.Count(pause => pause < 4) < 20, "the pause must be at its longest soon");
    }

    [Fact]
    public void Admit_AtAnyRate_LetsFewerThan300AttemptsThroughInAWindow()
    {
        var let = 0;
        for (var end = _now + AttemptPacing.Window; _now < end; _now += TimeSpan.FromMilliseconds(100))
            for (var network = 0; network < 20; network++)
                if (Try(new Guid(network, 0, 0, new byte[8])).RetryAfter is null) let++;

        Assert.InRange(let, 200, 300);
    }

    [Fact]
    public void Admit_WhoTakesATurnAlready_IsSentAwayForAMoment()
    {
        Exhaust();
        var turn = Try(Attacker).Pause;
        Assert.True(turn > TimeSpan.Zero);

        for (var i = 0; i < 100; i++) Assert.Equal(turn, Try(Attacker).RetryAfter);
    }

    [Fact]
    public void Admit_OwnerWhileANetworkHammers_GetsATurnWithinTheLongestWait()
    {
        Exhaust();
        for (var second = 0; second < 60; second++)
        {
            for (var i = 0; i < 50; i++) Try(Attacker);
            var admission = Try(Owner);
            Assert.Null(admission.RetryAfter);
            Assert.InRange(admission.Pause, TimeSpan.Zero, AttemptPacing.LongestWait);
            _now += admission.Pause + TimeSpan.FromSeconds(1);
        }
    }

    [Fact]
    public void Admit_FromMoreNetworksThanThereAreTurns_RefusesForAFewSeconds()
    {
        Exhaust();

        var answers = Enumerable.Range(0, 50).Select(_ => Try(Guid.NewGuid())).ToList();

        Assert.InRange(answers.Count(answer => answer.RetryAfter is null), 1, 3);
        Assert.All(
            answers.Where(answer => answer.RetryAfter is not null),
            answer => Assert.InRange(answer.RetryAfter!.Value, TimeSpan.FromTicks(1), AttemptPacing.LongestPause));
    }

    [Fact]
    public void Admit_AfterTheWindow_WaitsForNothing()
    {
        Exhaust();
        _now += AttemptPacing.Window + TimeSpan.FromSeconds(1);

        Assert.Equal(new(TimeSpan.Zero), Try(Attacker));
    }

    [Fact]
    public void Forgive_RightPasswords_LeaveNothing()
    {
        for (var i = 0; i < 1000; i++)
        {
            Assert.Equal(new(TimeSpan.Zero), Try(Owner));
            _pacing.Forgive(Account);
        }

        Assert.Equal(0, _pacing.Count);
    }

    [Fact]
    public void Admit_ManyAccounts_ForgetsTheOnesTriedLongestAgo()
    {
        Exhaust();
        for (var i = 0; i < 1000; i++)
        {
            _now += TimeSpan.FromMilliseconds(1);
            _pacing.Admit(Guid.NewGuid(), Attacker, _now);
            if (i % 50 == 0) Try(Attacker);
        }

        Assert.Equal(100, _pacing.Count);
        _now += TimeSpan.FromSeconds(5);
        Try(Attacker);
        Assert.True(Try(Owner).Pause > TimeSpan.Zero, "the account that is tried all the time must not be forgotten");
    }

    private Contracts.Users.SignInAdmission Try(Guid network) => _pacing.Admit(Account, network, _now);

    /// <summary>To the longest pause, with one turn just begun.</summary>
    private void Exhaust()
    {
        for (var i = 0; i < 40; i++) _now += Try(Attacker).Pause;
        _now += AttemptPacing.LongestPause;
        Try(Attacker);
    }
}
