using System.Collections.Immutable;
using EventFlux.Contracts.Seats;
using EventFlux.Grains.Seats;

namespace EventFlux.Silo.Seats;

/// <summary>
/// What this silo knows of one event that somebody here watches: the newest picture, and the latest changes. Readers
/// come when they are ready and get what is new since their own version in one piece, so that a slow one costs no more
/// memory than a fast one. Safe for concurrent use.
/// </summary>
internal sealed class FollowedEvent(Guid id)
{
    /// <summary>Readers that are equally far behind share an update; the others' are made for them alone.</summary>
    private const int MaxShared = 32;

    /// <summary>What a change takes beside the one letter of a complete picture.</summary>
    private const int LettersOfChange = 11;

    private readonly Lock _gate = new();
    private readonly SeatChangeLog _changes = new(0);
    private readonly Dictionary<long, AvailabilityUpdate> _shared = [];
    private readonly CancellationTokenSource _stop = new();
    private AvailabilityUpdate? _complete;
    private TaskCompletionSource _next = NewSource();
    private byte[] _states = [];
    private AvailabilityCounts _counts;
    private long _version;
    private long _planVersion;
    private bool _isGone;

    public Guid Id => id;

    /// <summary>Those who watch. Guarded by the feed's lock, as <see cref="LeftAt"/>.</summary>
    public int Followers { get; set; }

    /// <summary>When the last one left.</summary>
    public long LeftAt { get; set; }

    /// <summary>Cancelled when nobody needs it any more.</summary>
    public CancellationToken Stopped => _stop.Token;

    /// <summary>The newest version that is known here; 0 before the first.</summary>
    public long Version
    {
        get
        {
            lock (_gate) return _version;
        }
    }

    /// <summary>There is no such event, or no longer.</summary>
    public bool IsGone
    {
        get
        {
            lock (_gate) return _isGone;
        }
    }

    /// <summary>Ends with the next change. Take it before reading, or miss what comes between.</summary>
    public Task Next
    {
        get
        {
            lock (_gate) return _next.Task;
        }
    }

    /// <summary>Takes over what the event tells. What is older than what is known is of an activation that another has
    /// overtaken, and can commit nothing any more.</summary>
    public void Apply(AvailabilityNews news)
    {
        TaskCompletionSource told;
        lock (_gate)
        {
            if (news.Version <= _version) return;
            if (news.States.IsDefault) Apply(news.Changes, news.Version);
            else Replace([.. news.States], news);
            (_version, _planVersion, _counts) = (news.Version, news.PlanVersion, news.Counts);
            _shared.Clear();
            _complete = null;
            (told, _next) = (_next, NewSource());
        }

        told.SetResult();
    }

    /// <summary>The event isn't there: everybody is told.</summary>
    public void End()
    {
        lock (_gate) _isGone = true;
        _next.TrySetResult();
    }

    public void Stop() => _ = _stop.CancelAsync();

    /// <summary>What is new since that version; everything where it is not known here, or too long ago, or where that
    /// is shorter.</summary>
    public AvailabilityUpdate Since(long? version)
    {
        lock (_gate)
        {
            if (version is { } since && _changes.ReachesBackTo(since) && since <= _version)
            {
                if (_shared.TryGetValue(since, out var shared)) return shared;
                var update = new AvailabilityUpdate(
                    _version, since, _planVersion, _counts, null, _changes.After(since));
                if (update.Changes.Length * LettersOfChange <= _states.Length)
                {
                    if (_shared.Count < MaxShared) _shared.Add(since, update);
                    return update;
                }
            }

            return _complete ??= Complete();
        }
    }

    private AvailabilityUpdate Complete() => new(
        _version, null, _planVersion, _counts,
        string.Create(_states.Length, _states, static (letters, states) =>
        {
            for (var seat = 0; seat < letters.Length; seat++)
                letters[seat] = AvailabilityUpdate.LetterOf((SeatState)states[seat]);
        }),
        []);

    /// <summary>An event that has moved tells everything. Readers here need not pay for that: what is different is what
    /// has changed.</summary>
    private void Replace(byte[] states, AvailabilityNews news)
    {
        if (_version > 0 && news.PlanVersion == _planVersion && states.Length == _states.Length)
        {
            Apply(
                [
                    .. Enumerable.Range(0, states.Length).Where(seat => states[seat] != _states[seat])
                        .Select(seat => new SeatChange(seat, (SeatState)states[seat])),
                ],
                news.Version);
            return;
        }

        _states = states;
        _changes.Restart(news.Version);
    }

    private void Apply(ImmutableArray<SeatChange> changes, long version)
    {
        foreach (var change in changes) _states[change.Seat] = (byte)change.State;
        _changes.Add(version, changes);
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
