namespace EventFlux.Silo.Authentication;

/// <summary>How tokens are signed and how long they live.</summary>
/// <param name="Secret">The HS256 key, the same on every silo; at least 32 bytes.</param>
/// <param name="Lifetime">From a token's issue to its end.</param>
public sealed record TokenOptions(ReadOnlyMemory<byte> Secret, TimeSpan Lifetime)
{
    /// <summary>The key that signed before, or the one that will sign next: it verifies, too. Empty when there is
    /// none.</summary>
    public ReadOnlyMemory<byte> OtherSecret { get; init; }

    /// <summary>Issuer and audience: a token is made here, for here.</summary>
    public const string Party = "eventflux";

    /// <summary>Silos' clocks may differ by this much.</summary>
    public static readonly TimeSpan Leeway = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LeastMaximumAge = TimeSpan.FromDays(7);

    /// <summary>
    /// A token older than this is refused, whatever end it names. That makes it safe to forget a revocation after this
    /// time, also when the lifetime was a longer one yesterday.
    /// </summary>
    public TimeSpan MaximumAge => Lifetime > LeastMaximumAge ? Lifetime : LeastMaximumAge;

    /// <summary>Never prints the secret.</summary>
    public override string ToString() => nameof(TokenOptions);
}
