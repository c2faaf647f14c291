namespace EventFlux.Silo.RateLimiting;

/// <summary>What a silo can say of a request by itself.</summary>
internal enum PermitVerdict
{
    /// <summary>It was counted and may pass.</summary>
    Admitted,

    /// <summary>The limit is reached.</summary>
    Refused,

    /// <summary>What this silo may admit is used up; the owner may have more. Nothing was counted.</summary>
    MustAsk,
}

/// <param name="Remaining">Requests left in this window, as far as this silo knows.</param>
internal readonly record struct PermitStanding(PermitVerdict Verdict, int Remaining);
