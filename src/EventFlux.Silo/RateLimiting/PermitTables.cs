using EventFlux.Contracts.RateLimiting;

namespace EventFlux.Silo.RateLimiting;

/// <summary>A table for each tier, and the tier's windows: of one length, counted from the epoch, so that all silos
/// agree where each begins. Clocks apart by a second share all but a second of a window.</summary>
internal sealed class PermitTables
{
    private readonly (PermitTable Table, long WindowMilliseconds)[] _tiers;

    public PermitTables(RateLimitOptions options) => _tiers =
    [
        .. Enum.GetValues<RateLimitTier>().Select(options.Of).Select(limit => (
            new PermitTable(limit.Requests, options.AccountsPerTier), (long)limit.Window.TotalMilliseconds)),
    ];

    public PermitTable Of(RateLimitTier tier) => _tiers[(int)tier].Table;

    /// <param name="now">Milliseconds since the epoch.</param>
    public PermitAccount AccountOf(RateLimitTier tier, RateLimitKey key, long now) =>
        new(tier, key, now / _tiers[(int)tier].WindowMilliseconds);

    /// <summary>When the account's window begins, in milliseconds since the epoch.</summary>
    public long BeginningOf(PermitAccount account) => account.Window * _tiers[(int)account.Tier].WindowMilliseconds;

    /// <summary>Until the account's window ends, in seconds, rounded up; 1 or more.</summary>
    public int SecondsLeft(PermitAccount account, long now)
    {
        var end = (account.Window + 1) * _tiers[(int)account.Tier].WindowMilliseconds;
        return (int)Math.Max(1, (end - now + 999) / 1000);
    }
}
