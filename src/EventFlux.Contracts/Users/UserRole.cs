namespace EventFlux.Contracts.Users;

/// <summary>What a user may do.</summary>
public enum UserRole
{
    /// <summary>Books and waits.</summary>
    User = 0,

    /// <summary>Also creates events and sees everything.</summary>
    Admin = 1,
}
