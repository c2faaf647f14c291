namespace EventFlux.Grains.Users;

/// <summary>How passwords are hashed, and how much of the machine that may take.</summary>
public sealed record PasswordHashingOptions
{
    /// <summary>BCrypt's cost: each step doubles the time. 11 is some 100 ms of a core. 4 to 31.</summary>
    public int WorkFactor { get; init; } = 11;

    /// <summary>Hashes computed at once, each on a thread of its own. The default is the number of cores.</summary>
    public int Parallelism { get; init; } = Environment.ProcessorCount;

    /// <summary>Hashes that may wait for a thread; one more is refused. The default is about two seconds of
    /// waiting.</summary>
    public int QueueLimit { get; init; } = 16 * Environment.ProcessorCount;
}
