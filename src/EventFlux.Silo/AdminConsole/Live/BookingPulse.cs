using System.Collections.Immutable;
using EventFlux.Grains.Storage;

namespace EventFlux.Silo.AdminConsole.Live;

/// <summary>How fast the whole cluster sold in one second.</summary>
/// <param name="At">The second's end.</param>
internal readonly record struct PulseSample(DateTimeOffset At, double BookingsPerSecond);

/// <summary>
/// The pulse of the sale, a sample a second for as long as somebody watches; one question to the database whatever the
/// number of watchers. Safe for concurrent use.
/// </summary>
internal sealed partial class BookingPulse(
    SalesPulseQueries queries, TimeProvider time, ILogger<BookingPulse> logger)
{
    /// <summary>A minute.</summary>
    public const int Length = 60;

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private int _watchers;
    private CancellationTokenSource? _beating;
    private ImmutableArray<PulseSample> _samples = [];

    /// <summary>The last minute at most, oldest first; what nobody watched is not in it.</summary>
    public ImmutableArray<PulseSample> Samples
    {
        get { lock (_lock) return _samples; }
    }

    /// <summary>Samples are taken until what is returned is disposed of.</summary>
    public IDisposable Watch()
    {
        lock (_lock)
        {
            if (_watchers++ == 0)
            {
                _samples = [];
                _beating = new();
                _ = Task.Run(() => BeatAsync(_beating.Token));
            }
        }

        return new Watching(this);
    }

    private void Leave()
    {
        lock (_lock)
        {
            if (--_watchers > 0) return;
            _beating!.Cancel();
            _beating.Dispose();
        }
    }

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Beat, time);
        (long Bookings, DateTimeOffset At, DateOnly Day)? last = null;
        try
        {
            do
            {
                var now = time.GetUtcNow();
                var today = DateOnly.FromDateTime(now.UtcDateTime);
                if (await ReadAsync(now, cancellationToken) is not { } bookings) continue;
                // Where the day changes the sums are of other days.
                if (last is { } before && before.Day == today)
                    Add(before.Bookings, before.At, bookings, now, cancellationToken);
                last = (bookings, now, today);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException)
        {
            // Nobody watches any more.
        }
    }

    /// <summary>Null where the database can't be reached: the next sample then spans the gap.</summary>
    private async Task<long?> ReadAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            return await queries.ReadBookingsAsync(now, cancellationToken);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            LogMissed(fault);
            return null;
        }
    }

    private void Add(
        long before, DateTimeOffset from, long after, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var seconds = Math.Max((now - from).TotalSeconds, 0.001);
        var sample = new PulseSample(now, (after - before) / seconds);
        lock (_lock)
        {
            // Others may watch by now, whose minute begins anew.
            if (cancellationToken.IsCancellationRequested) return;
            var samples = _samples.Add(sample);
            _samples = samples.Length > Length ? samples.RemoveAt(0) : samples;
        }
    }

    [LoggerMessage(LogLevel.Debug, "A sample of the sale was missed")]
    private partial void LogMissed(Exception exception);

    private sealed class Watching(BookingPulse pulse) : IDisposable
    {
        private BookingPulse? _pulse = pulse;

        public void Dispose() => Interlocked.Exchange(ref _pulse, null)?.Leave();
    }
}
