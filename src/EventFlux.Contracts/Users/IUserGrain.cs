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
    /// <param name="network">Where the attempt comes from, as a keyed hash; remembered after a success.</param>
    [Alias("SignIn"), AlwaysInterleave]
    Task<UserProfile?> SignInAsync(
        string password, Guid? network = null, CancellationToken cancellationToken = default);

    /// <summary>Whether the user has signed in from there not long ago. False for an unknown user.</summary>
    [Alias("KnowsNetwork"), AlwaysInterleave]
    Task<bool> KnowsNetworkAsync(Guid network);

    /// <summary>Stores what a sign-in has shown, so far as it is still true and new. Called by the grain itself, to
    /// have a turn of its own.</summary>
    [Alias("NoteSignIn")]
    Task NoteSignInAsync(SignInNote note);

    /// <summary>Renames the user; a name that is null stays as it is. Durable before the answer. Null when the user is
    /// unknown.</summary>
    [Alias("Rename")]
    Task<UserProfile?> RenameAsync(string? firstName, string? lastName, CancellationToken cancellationToken = default);

    /// <summary>Sets a new password when the current one is right and raises the credential version: every older token
    /// is revoked on every silo within 5 seconds. Null when the current password is wrong or the user
    /// unknown.</summary>
    /// <param name="by">Who asks, for the audit log; the user when left out.</param>
    /// <param name="network">As in <see cref="SignInAsync"/>; all other networks are forgotten with the old
    /// password.</param>
    [Alias("ChangePassword")]
    Task<UserProfile?> ChangePasswordAsync(
        string currentPassword, string newPassword, Actor? by = null, Guid? network = null,
        CancellationToken cancellationToken = default);

    /// <summary>Sets the role and, when it differs, raises the credential version: every older token is revoked on
    /// every silo within 5 seconds. Repeating it changes nothing. Of admins who are demoted at the same moment, on any
    /// silos, one stays.</summary>
    /// <param name="by">Who asks, for the audit log.</param>
    [Alias("SetRole")]
    Task<SetRoleResult> SetRoleAsync(UserRole role, Actor? by = null, CancellationToken cancellationToken = default);
}
