namespace EventFlux.Contracts.Faults;

/// <summary>
/// The request was not answered: too much is under way, the database can't be reached, or a commit's outcome is
/// unknown. It ends as <c>503</c> with <c>Retry-After</c>; repeating it is safe.
/// </summary>
[GenerateSerializer, Alias("eventflux.ServiceUnavailableException")]
public sealed class ServiceUnavailableException : Exception
{
    public ServiceUnavailableException(string message)
        : base(message)
    {
    }

    /// <param name="cause">Stays on this silo. As an inner exception it would cross grain calls too, and a driver's
    /// exception has no serializer: the caller would get an error about that instead of this one.</param>
    public ServiceUnavailableException(string message, Exception cause)
        : base(message) => Cause = cause;

    /// <summary>Whether the grain lives elsewhere by now: nothing was done, and the same call finds it there.</summary>
    [Id(0)]
    public bool HasMoved { get; init; }

    /// <summary>What happened; null on any other silo than the one where it did.</summary>
    [field: NonSerialized]
    public Exception? Cause { get; }

    /// <inheritdoc/>
    public override string ToString() => Cause is null ? base.ToString() : $"{base.ToString()}\n ---> {Cause}";
}
