namespace EventFlux.Silo.RateLimiting;

/// <summary>Spreads the bits of a number over all others (the finisher of SplitMix64): fast, and the same in every
/// process, unlike .NET's own hashes.</summary>
internal static class Mix64
{
    public static ulong Of(ulong value)
    {
        unchecked
        {
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
            return value ^ (value >> 31);
        }
    }
}
