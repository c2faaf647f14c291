using EventFlux.Contracts;
using EventFlux.Contracts.Faults;
using EventFlux.Contracts.Users;
using EventFlux.Grains.Events;
using EventFlux.Grains.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Core;
using Orleans.Providers;
using Orleans.Storage;

namespace EventFlux.Grains.Users;

/// <summary>
/// One user. Reads interleave with a change under way, so what they see is kept apart from what is being written:
/// <see cref="_user"/> is the last durable state, immutable, and replaced only after a write has succeeded.
/// </summary>
/// <remarks>Crash-only: after a write that failed, or whose outcome is unknown, the activation goes, and the next
/// call reads what is true.</remarks>
[GrainType("user")]
internal sealed partial class UserGrain(
    [FromKeyedServices(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME)] IGrainStorage storage,
    UserQueries queries,
    PasswordHasher passwords,
    TimeProvider time,
    ILogger<UserGrain> logger) : Grain, IUserGrain
{
    /// <summary>Names the row in grain storage, where the grain's class is no part of the key; <c>sql/</c> knows
    /// it.</summary>
    private const string StateName = "user";

    /// <summary>Home, work, a phone and two more; the oldest gives way.</summary>
    private const int MaxNetworks = 5;

    private StateStorageBridge<UserState> _storage = null!;
    private UserState? _user;

    /// <summary>In whole microseconds, as the table <c>users</c> keeps it.</summary>
    private DateTimeOffset Now => time.GetUtcNow().ToMicroseconds();

    /// <summary>Reads the state here, not by an injected <c>IPersistentState</c>: that one would fail the callers of a
    /// database that is away with the driver's exception, which no other silo can read.</summary>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _storage = new(StateName, GrainContext, storage);
        try
        {
            await _storage.ReadStateAsync();
        }
        catch (Exception exception)
        {
            throw new ServiceUnavailableException("The user can't be read now.", exception);
        }

        _user = _storage.RecordExists ? _storage.State : null;
    }

    /// <inheritdoc/>
    public async Task<RegisterUserResult> RegisterAsync(
        RegisterUser command, CancellationToken cancellationToken = default)
    {
        if (_user is not null) return new(RegisterUserOutcome.UserAlreadyExists);

        // The unique index decides; asking first spares the usual case the hash, and the log a failed write.
        if (await queries.FindIdByEmailAsync(command.Email, cancellationToken) is not null) return Refuse();

        var hash = await passwords.HashAsync(command.Password, cancellationToken);
        var now = Now;
        var user = new UserState
        {
            Id = this.GetPrimaryKey(),
            Email = command.Email,
            FirstName = command.FirstName,
            LastName = command.LastName,
            Role = command.Role.ToText(),
            PasswordHash = hash,
            CreatedAt = now,
            Networks = command.Network is { } network ? [network] : [],
        };
        user = user.ChangedCredentials(command.By, now);
        return await TryWriteAsync(user, UserQueries.IsEmailTaken)
            ? new(RegisterUserOutcome.Registered, user.ToProfile())
            : Refuse();

        RegisterUserResult Refuse()
        {
            DeactivateOnIdle();
            return new(RegisterUserOutcome.UserAlreadyExists);
        }
    }

    /// <inheritdoc/>
    public Task<UserProfile?> GetProfileAsync() => Task.FromResult(Known()?.ToProfile());

    /// <inheritdoc/>
    public async Task<UserProfile?> SignInAsync(
        string password, Guid? network = null, CancellationToken cancellationToken = default)
    {
        // Of the user as it was when asked: a password that changes meanwhile revokes what comes of this.
        var user = Known();
        if (!await passwords.VerifyAsync(password, user?.PasswordHash, cancellationToken)) return null;
        await NoteAsync(user!, password, network, cancellationToken);
        return user!.ToProfile();
    }

    /// <inheritdoc/>
    public Task<bool> KnowsNetworkAsync(Guid network) => Task.FromResult(_user?.Networks.Contains(network) is true);

    /// <inheritdoc/>
    public async Task NoteSignInAsync(SignInNote note)
    {
        if (Known() is not { } user) return;
        var noted = user;
        // A password that was changed meanwhile must not come back.
        if (note.DearerHash is { } hash && user.PasswordHash == note.PasswordHash)
            noted = noted with { PasswordHash = hash };
        if (note.Network is { } network && !user.Networks.Contains(network))
            noted = noted with { Networks = [network, .. user.Networks.Take(MaxNetworks - 1)] };
        if (!ReferenceEquals(noted, user)) await WriteAsync(noted);
    }

    /// <inheritdoc/>
    public async Task<UserProfile?> RenameAsync(
        string? firstName, string? lastName, CancellationToken cancellationToken = default)
    {
        if (Known() is not { } user) return null;
        return await WriteAsync(user with
        {
            FirstName = firstName ?? user.FirstName, LastName = lastName ?? user.LastName, UpdatedAt = Now,
        });
    }

    /// <inheritdoc/>
    public async Task<UserProfile?> ChangePasswordAsync(
        string currentPassword, string newPassword, Actor? by = null, Guid? network = null,
        CancellationToken cancellationToken = default)
    {
        var user = Known();
        if (!await passwords.VerifyAsync(currentPassword, user?.PasswordHash, cancellationToken)) return null;

        var hash = await passwords.HashAsync(newPassword, cancellationToken);
        var changed = user!.ChangedCredentials(by ?? new(user.Id), Now);
        return await WriteAsync(changed with
        {
            PasswordHash = hash, Networks = network is null ? [] : [network.Value],
        });
    }

    /// <inheritdoc/>
    public async Task<SetRoleResult> SetRoleAsync(
        UserRole role, Actor? by = null, CancellationToken cancellationToken = default)
    {
        if (Known() is not { } user) return new(SetRoleOutcome.UserNotFound);
        if (user.Role == role.ToText()) return new(SetRoleOutcome.Set, user.ToProfile());
        var changed = user.ChangedCredentials(by, Now) with { Role = role.ToText() };
        return await TryWriteAsync(changed, UserQueries.IsLastAdmin)
            ? new(SetRoleOutcome.Set, changed.ToProfile())
            : new(SetRoleOutcome.LastAdmin);
    }

    /// <summary>A dearer hash and a new network are worth a write, but not the sign-in: one that can't be noted is as
    /// good, and the next one tries again.</summary>
    private async Task NoteAsync(
        UserState user, string password, Guid? network, CancellationToken cancellationToken)
    {
        var isNew = network is { } place && !user.Networks.Contains(place);
        var isCheap = passwords.IsCheap(user.PasswordHash);
        if (!isNew && !isCheap) return;
        try
        {
            var dearer = isCheap ? await passwords.HashAsync(password, cancellationToken) : null;
            // Sign-ins run at the same time as changes, so what they write must wait for a turn of its own.
            await this.AsReference<IUserGrain>().NoteSignInAsync(new(user.PasswordHash, dearer, network));
        }
        catch (Exception exception)
        {
            LogNotNoted(user.Id, exception);
        }
    }

    /// <summary>The user, if there is one. Asking for ids that nobody has doesn't fill the memory.</summary>
    private UserState? Known()
    {
        if (_user is null) DeactivateOnIdle();
        return _user;
    }

    private async Task<UserProfile> WriteAsync(UserState user)
    {
        await TryWriteAsync(user, isRefusal: static _ => false);
        return user.ToProfile();
    }

    /// <summary>
    /// Makes the state durable; false when the database refuses it by a rule. The caller's cancellation doesn't reach
    /// here: a write given up half-way would leave its outcome unknown for nothing.
    /// </summary>
    /// <param name="isRefusal">Whether the fault is a rule that the caller knows; nothing was written then.</param>
    private async Task<bool> TryWriteAsync(UserState user, Func<Exception, bool> isRefusal)
    {
        _storage.State = user;
        try
        {
            await _storage.WriteStateAsync();
        }
        catch (Exception exception)
        {
            DeactivateOnIdle();
            if (isRefusal(exception)) return false;
            throw new ServiceUnavailableException("It is unknown whether the user was stored.", exception);
        }

        _user = user;
        return true;
    }

    [LoggerMessage(LogLevel.Warning, "A sign-in of user {UserId} could not be noted; the next one tries again")]
    private partial void LogNotNoted(Guid userId, Exception exception);
}
