using System.Diagnostics;
using EventFlux.Contracts.Events;
using EventFlux.Contracts.Faults;
using EventFlux.Contracts.Seats;

namespace EventFlux.Silo.Seats;

/// <summary>
/// Follows the events that somebody on this silo watches, each by one call at a time that waits for news: what a sale
/// pays for its viewers is a few calls a second and silo, however many they are. A call that fails is repeated,
/// wherever the event lives by then. Safe for concurrent use.
/// </summary>
/// <param name="watch">As <see cref="IEventGrain.WatchAvailabilityAsync"/>, of the event with that id.</param>
internal sealed partial class AvailabilityFeed(
    Func<Guid, long, TimeSpan, CancellationToken, Task<AvailabilityNews>> watch, TimeProvider time,
    ILogger<AvailabilityFeed> logger) : IDisposable
{
    /// <summary>Of 100,000 seats each takes some 300 KB.</summary>
    public const int MaxEvents = 1_000;

    /// <summary>A stream takes some 10 KB, and what its socket and buffers hold back where it isn't read.</summary>
    public const int MaxFollowers = 20_000;

    /// <summary>From the begin of a call to the next one's: viewers see at most four changes a second, each of all that
    /// was sold between.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.5);

    /// <summary>For single reads, which come and go.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, FollowedEvent> _events = [];
    private int _followers;

    /// <summary>Events that are asked for news.</summary>
    public int Events
    {
        get
        {
            lock (_gate) return _events.Count;
        }
    }

    /// <summary>Those who watch now.</summary>
    public int Followers
    {
        get
        {
            lock (_gate) return _followers;
        }
    }

    /// <summary>Begins to watch. Whether the event is there shows <see cref="AvailabilityFollower.ReachAsync"/>; ids
    /// that were made up should not come as far as here.</summary>
    /// <exception cref="ServiceUnavailableException">This silo has too many viewers, or too many events that are
    /// watched.</exception>
    public AvailabilityFollower Follow(Guid eventId)
    {
        lock (_gate)
        {
            if (_followers >= MaxFollowers) throw new ServiceUnavailableException("The silo has too many viewers.");
            if (!_events.TryGetValue(eventId, out var followed))
            {
                MakeRoom();
                _events.Add(eventId, followed = new(eventId));
                // The loop belongs to nobody's request: neither its trace nor its values.
                using (ExecutionContext.SuppressFlow()) _ = Task.Run(() => FollowAsync(followed));
            }

            followed.Followers++;
            _followers++;
            return new(followed, this, time);
        }
    }

    public void Leave(FollowedEvent followed)
    {
        lock (_gate)
        {
            _followers--;
            if (--followed.Followers == 0) followed.LeftAt = time.GetTimestamp();
        }
    }

    public void Dispose()
    {
        lock (_gate)
            foreach (var followed in _events.Values)
                followed.Stop();
    }

    private void MakeRoom()
    {
        if (_events.Count < MaxEvents) return;
        var left = _events.Values.FirstOrDefault(followed => followed.Followers == 0)
            ?? throw new ServiceUnavailableException("The silo has too many events that are watched.");
        _events.Remove(left.Id);
        left.Stop();
    }

    private async Task FollowAsync(FollowedEvent followed)
    {
        // A parent that is not recorded: waiting calls would fill the traces.
        using var untraced = new Activity("availability");
        untraced.Start();
        for (var pause = FirstPause; !followed.Stopped.IsCancellationRequested && !TryRetire(followed);)
        {
            var began = time.GetTimestamp();
            TimeSpan wait;
            try
            {
                var known = followed.Version;
                var news = await watch(followed.Id, known == 0 ? -1 : known, Patience, followed.Stopped);
                if (news.Version == AvailabilityNews.NoEvent)
                {
                    Forget(followed);
                    followed.End();
                    return;
                }

                followed.Apply(news);
                (wait, pause) = (Pace - time.GetElapsedTime(began), FirstPause);
            }
            catch (Exception fault)
            {
                if (followed.Stopped.IsCancellationRequested) return;
                // Whatever it was: viewers wait for the event's return. Moves end within a try or two.
                wait = pause;
                pause = 2 * pause < LongestPause ? 2 * pause : LongestPause;
                if (pause == LongestPause && wait != LongestPause) LogUnreachable(followed.Id, fault);
            }

            if (wait > TimeSpan.Zero)
                await Task.Delay(wait, time, followed.Stopped).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private bool TryRetire(FollowedEvent followed)
    {
        lock (_gate)
        {
            if (followed.Followers > 0 || time.GetElapsedTime(followed.LeftAt) < Linger) return false;
            Forget(followed);
            return true;
        }
    }

    private void Forget(FollowedEvent followed)
    {
        lock (_gate)
            if (_events.GetValueOrDefault(followed.Id) == followed)
                _events.Remove(followed.Id);
    }

    [LoggerMessage(LogLevel.Warning, "The availability of event {EventId} can't be read; viewers wait")]
    private partial void LogUnreachable(Guid eventId, Exception fault);
}
