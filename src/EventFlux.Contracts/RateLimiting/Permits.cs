namespace EventFlux.Contracts.RateLimiting;

/// <summary>Whose permits, and of when.</summary>
/// <param name="Window">Number of the window since the epoch, counted in windows of the tier's length.</param>
[GenerateSerializer, Immutable, Alias("eventflux.PermitAccount")]
public readonly record struct PermitAccount(
    [property: Id(0)] RateLimitTier Tier,
    [property: Id(1)] RateLimitKey Key,
    [property: Id(2)] long Window);

/// <summary>A silo asks for permits.</summary>
/// <param name="Report">What it has done with those that it had. Nothing is unused, or it wouldn't ask.</param>
[GenerateSerializer, Immutable, Alias("eventflux.PermitQuestion")]
public sealed record PermitQuestion(
    [property: Id(0)] PermitAccount Account,
    [property: Id(1)] SiloAddress Asker,
    [property: Id(2)] PermitReport Report);

/// <summary>What a silo knows of an account.</summary>
/// <param name="Used">Requests that it admitted.</param>
/// <param name="Returned">Permits that it had left and gives back with this.</param>
/// <param name="Pool">At most so many were left to hand out when it last heard.</param>
[GenerateSerializer, Immutable, Alias("eventflux.PermitReport")]
public readonly record struct PermitReport(
    [property: Id(0)] int Used,
    [property: Id(1)] int Returned,
    [property: Id(2)] int Pool);

/// <summary>The answer to a question for permits.</summary>
/// <param name="Permits">How many more the asker may admit.</param>
/// <param name="Pool">How many are left to hand out.</param>
[GenerateSerializer, Immutable, Alias("eventflux.PermitGrant")]
public readonly record struct PermitGrant(
    [property: Id(0)] PermitOutcome Outcome,
    [property: Id(1)] int Permits,
    [property: Id(2)] int Pool);

/// <summary>What became of a question for permits.</summary>
public enum PermitOutcome
{
    /// <summary>There are some.</summary>
    Granted,

    /// <summary>None is left anywhere before the window ends.</summary>
    Exhausted,

    /// <summary>Another silo took the account over in the meantime: ask again.</summary>
    Moved,
}
