namespace EventFlux.Silo.Api;

/// <summary>The name that an event is created under.</summary>
internal sealed class CreatorNames
{
    /// <summary>The user's name; for a token whose user was never registered, what stands before the @.</summary>
    public async Task<string> OfAsync(CurrentUser user, CancellationToken cancellationToken)
    {
        await Task.CompletedTask.WaitAsync(cancellationToken);
        return user.Email.Split('@')[0];
    }
}
