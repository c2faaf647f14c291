namespace EventFlux.Grains.Storage;

/// <summary>The roles that <c>sql/</c> makes and gives their rights. They own nothing, and nobody logs in as
/// one.</summary>
public static class DatabaseRoles
{
    /// <summary>What a silo's connections work as: it sees every row and may do what the program does.</summary>
    public const string Silo = "eventflux_silo";

    /// <summary>What reads for one user run as: it sees that user's rows and writes nothing.</summary>
    public const string User = "eventflux_user";
}
