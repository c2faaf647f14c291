using EventFlux.Contracts.Faults;
using EventFlux.Contracts.Users;
using EventFlux.Grains.Storage;
using EventFlux.Grains.Users;
using EventFlux.Silo.Hosting;

namespace EventFlux.Silo.Authentication;

/// <summary>
/// Creates the admin that the operator named, once the silo can reach its grains. An account with that address,
/// whatever its role or password, stays as it is: the variables make a first admin, they don't rule over a later one.
/// </summary>
internal sealed partial class FirstAdmin(
    SiloOptions options, Accounts accounts, UserQueries users, TimeProvider time, ILogger<FirstAdmin> logger)
    : IHostedLifecycleService
{
    private const int Attempts = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>After every service has started, so the grains answer.</summary>
    /// <exception cref="StartupException">The account can't be created.</exception>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        if (options.AdminEmail is null || options.AdminPassword is null) return;
        var account = new RegisterUser(
            options.AdminEmail, options.AdminPassword, "First", "Admin", UserRole.Admin);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (await accounts.EnsureAsync(account, cancellationToken) is not null) LogCreated();
                else await WarnUnlessAdminAsync(account.Email, cancellationToken);
                return;
            }
            catch (Exception fault) when (fault is ServiceUnavailableException or TimeoutException or OrleansException)
            {
                // The cluster may be moving while silos start together.
                if (attempt == Attempts) throw new StartupException("The admin can't be stored; see the log for why.");
                LogRetry(fault);
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task WarnUnlessAdminAsync(string email, CancellationToken cancellationToken)
    {
        if (await users.FindIdByEmailAsync(email, cancellationToken) is not { } id) return;
        if (await users.FindAsync(id, cancellationToken) is { Role: not UserRole.Admin }) LogNoAdmin();
    }

    [LoggerMessage(LogLevel.Information, "Created the admin that ADMIN_EMAIL names")]
    private partial void LogCreated();

    [LoggerMessage(
        LogLevel.Warning, "ADMIN_EMAIL is the address of an ordinary user, who was left alone; no admin was created")]
    private partial void LogNoAdmin();

    [LoggerMessage(LogLevel.Warning, "The admin that ADMIN_EMAIL names could not be stored yet")]
    private partial void LogRetry(Exception fault);
}
