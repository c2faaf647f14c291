using EventFlux.Grains.Storage;

namespace EventFlux.Silo.Authentication;

/// <summary>
/// Brings every silo the changes of credentials that others made: all of them before the silo serves its first
/// request, then by asking the database each second. A failed poll is repeated; nothing is lost meanwhile, only late.
/// </summary>
internal sealed partial class RevocationFeed(
    UserQueries users,
    TokenRevocations revocations,
    TokenOptions options,
    TimeProvider time,
    ILogger<RevocationFeed> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>With the period and one failure between, still within the five seconds that are promised.</summary>
    private static readonly TimeSpan PollTimeout = TimeSpan.FromSeconds(1.5);

    /// <summary>Longer than a change may take from its time stamp to its commit, which is a single statement.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ForgetPeriod = TimeSpan.FromMinutes(1);

    private const long Never = long.MinValue;

    private DateTimeOffset? _polledAt;
    private long _refreshed = Never;
    private long _forgotten;

    /// <summary>How old the silo's picture of the revocations is; without end before the first one. More than some
    /// seconds mean that the database doesn't answer.</summary>
    public TimeSpan Age => Volatile.Read(ref _refreshed) is var refreshed and not Never
        ? time.GetElapsedTime(refreshed)
        : TimeSpan.MaxValue;

    /// <summary>Ends when the first poll has succeeded: the server starts after this and never serves
    /// without.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (!await TryPollAsync(cancellationToken)) await timer.WaitForNextTickAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await TryPollAsync(stoppingToken);
            if (time.GetElapsedTime(_forgotten) < ForgetPeriod) continue;
            revocations.Forget();
            _forgotten = time.GetTimestamp();
        }
    }

    private async Task<bool> TryPollAsync(CancellationToken cancellationToken)
    {
        // The age of the picture counts from before the question was asked.
        var started = time.GetTimestamp();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (_polledAt is not null) timeout.CancelAfter(PollTimeout);
        try
        {
            var overlap = _polledAt is null ? options.MaximumAge + TokenOptions.Leeway + Overlap : Overlap;
            _polledAt = await users.ReadCredentialChangesAsync(_polledAt, overlap, revocations.Revoke, timeout.Token);
            Volatile.Write(ref _refreshed, started);
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it was: a silo that stopped asking would honour revoked tokens for ever.
            LogPollFailed(exception, Age.TotalSeconds);
            return false;
        }
    }

    [LoggerMessage(
        LogLevel.Warning, "The revocations of tokens could not be read; the last were read {Seconds} seconds ago")]
    private partial void LogPollFailed(Exception exception, double seconds);
}
