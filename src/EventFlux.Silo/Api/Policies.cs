namespace EventFlux.Silo.Api;

/// <summary>Names of what an endpoint may ask for.</summary>
internal static class Policies
{
    /// <summary>A valid token with the role <c>admin</c>.</summary>
    public const string Admin = "admin";
}
