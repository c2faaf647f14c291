using EventFlux.Contracts.Seats;

namespace EventFlux.Tests.Seats;

/// <summary>A sale as a feed sees it: answers what changed since a version, waits where nothing did, and counts who
/// asks. Safe for concurrent use.</summary>
internal sealed class AskedSale(int seats)
{
    private readonly Lock _gate = new();
    private readonly byte[] _states = new byte[seats];
    private readonly List<(long Version, SeatChange Change)> _changes = [];
    private TaskCompletionSource _next = new();
    private int _atOnce;

    public long Version { get; private set; } = 1;

    public int Calls { get; private set; }

    public int MostAtOnce { get; private set; }

    /// <summary>Calls that fail before one succeeds again.</summary>
    public int Failures { get; set; }

    public bool IsGone { get; set; }

    public void Set(int seat, SeatState state)
    {
        TaskCompletionSource told;
        lock (_gate)
        {
            Version++;
            if (seats > 0)
            {
                _states[seat] = (byte)state;
                _changes.Add((Version, new(seat, state)));
            }

            (told, _next) = (_next, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        told.SetResult();
    }

    public async Task<AvailabilityNews> WatchAsync(
        Guid id, long since, TimeSpan patience, CancellationToken cancellationToken)
    {
        Task? wait = null;
        lock (_gate)
        {
            Calls++;
            MostAtOnce = Math.Max(MostAtOnce, ++_atOnce);
            if (since == Version && !IsGone) wait = _next.Task;
        }

        try
        {
            if (wait is not null) await Task.WhenAny(wait, Task.Delay(patience, cancellationToken));
            await Task.Yield();
            lock (_gate)
            {
                if (Failures > 0)
                {
                    Failures--;
                    throw new TimeoutException("The silo is gone.");
                }

                var counts = new AvailabilityCounts(seats, 0, 0, 0);
                if (IsGone) return new(AvailabilityNews.NoEvent, -1, 0, default, [], []);
                return since < 0
                    ? new(Version, -1, seats == 0 ? 0 : 1, counts, [.. _states], [])
                    : new(
                        Version, since, seats == 0 ? 0 : 1, counts, default,
                        [.. _changes.Where(one => one.Version > since).Select(one => one.Change)]);
            }
        }
        finally
        {
            lock (_gate) _atOnce--;
        }
    }
}
