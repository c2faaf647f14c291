using EventFlux.Contracts.Faults;
using Orleans.Concurrency;

namespace EventFlux.Contracts.Users;

/// <summary>
/// One user; its key is the user's id. It owns profile, password hash, role and credential version, in grain storage.
/// Changes are handled one at a time; reads see the last durable one and wait for nobody. A user that was never
/// registered answers <c>null</c> and leaves nothing behind.
/// </summary>
/// <remarks>Every method throws <see cref="ServiceUnavailableException"/> when storage can't be reached.</remarks>
[Alias("eventflux.IUserGrain")]
public interface IUserGrain : IGrainWithGuidKey
{
    /// <summary>Signs the user up. Of several with one e-mail address, on any silos, exactly one wins.</summary>
    [Alias("Register")]
    Task<RegisterUserResult> RegisterAsync(RegisterUser command, CancellationToken cancellationToken = default);

    /// <summary>The user's profile, or null.</summary>
    [Alias("GetProfile"), AlwaysInterleave]
    Task<UserProfile?> GetProfileAsync();

    /// <summary>The profile when the password is right; null when it is wrong or the user unknown, after the same
    /// time.</summary>
    [Alias("SignIn"), AlwaysInterleave]
    Task<UserProfile?> SignInAsync(string password, CancellationToken cancellationToken = default);

    /// <summary>Renames the user; a name that is null stays as it is. Durable before the answer. Null when the user is
    /// unknown.</summary>
    [Alias("Rename")]
    Task<UserProfile?> RenameAsync(string? firstName, string? lastName, CancellationToken cancellationToken = default);

    /// <summary>Sets a new password when the current one is right and raises the credential version: every older token
    /// is revoked on every silo within 5 seconds. Null when the current password is wrong or the user
    /// unknown.</summary>
    [Alias("ChangePassword")]
    Task<UserProfile?> ChangePasswordAsync(
        string currentPassword, string newPassword, CancellationToken cancellationToken = default);

    /// <summary>Sets the role and, when it differs, raises the credential version. Null when the user is
    /// unknown.</summary>
    [Alias("SetRole")]
    Task<UserProfile?> SetRoleAsync(UserRole role, CancellationToken cancellationToken = default);
}
