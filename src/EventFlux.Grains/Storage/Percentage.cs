namespace EventFlux.Grains.Storage;

/// <summary>The one rule for shares: in percent, two decimals, half away from zero.</summary>
public static class Percentage
{
    /// <summary>What share of the whole the part is; 0 of nothing.</summary>
    public static decimal Of(decimal part, decimal whole) => whole == 0 ? 0 : Round(100 * part / whole);

    /// <summary>By how much a figure has grown; null where there was nothing to grow from.</summary>
    public static decimal? Change(decimal before, decimal after) =>
        before == 0 ? null : Round(100 * (after - before) / before);

    private static decimal Round(decimal value) => Math.Round(value, 2, MidpointRounding.AwayFromZero);
}
