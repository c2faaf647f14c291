using EventFlux.Grains.Storage;

namespace EventFlux.Silo.Api;

/// <summary>The name that an event is created under; kept with the event, whatever the creator is called
/// later.</summary>
internal sealed class CreatorNames(UserQueries users)
{
    /// <summary>The user's name; for a token whose user was never registered, what stands before the @.</summary>
    public async Task<string> OfAsync(CurrentUser user, CancellationToken cancellationToken) =>
        await users.FindAsync(user.Id, cancellationToken) is { } profile
            ? $"{profile.FirstName} {profile.LastName}"
            : user.Email.Split('@')[0];
}
