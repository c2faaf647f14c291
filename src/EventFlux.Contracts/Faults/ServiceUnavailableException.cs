namespace EventFlux.Contracts.Faults;

/// <summary>
/// The request was not answered: too much is under way, the database can't be reached, or a commit's outcome is unknown.
/// It ends as <c>503</c> with <c>Retry-After</c>; repeating it is safe.
/// </summary>
[GenerateSerializer, Alias("eventflux.ServiceUnavailableException")]
public sealed class ServiceUnavailableException : Exception
{
    public ServiceUnavailableException(string message)
        : base(message)
    {
    }

    public ServiceUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
