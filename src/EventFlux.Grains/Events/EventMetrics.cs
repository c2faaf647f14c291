using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using EventFlux.Contracts.Bookings;
using EventFlux.Contracts.Waitlist;
using EventFlux.Grains.Observability;

namespace EventFlux.Grains.Events;

/// <summary>What events do, as numbers (<see cref="MetricNames"/>). Counts what a commit has made durable, not what was
/// hoped for. Safe for concurrent use.</summary>
internal sealed class EventMetrics
{
    private static readonly Dictionary<BookOutcome, string> Refusals = NamesOf<BookOutcome>();
    private static readonly Dictionary<CommitFailure, string> Failures = NamesOf<CommitFailure>();

    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries =
            [0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.125, 0.25, 0.5, 1, 2, 5, 15],
    };

    private readonly Counter<long> _accepted;
    private readonly Counter<long> _tickets;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _cancelled;
    private readonly Counter<long> _joined;
    private readonly Counter<long> _offersMade;
    private readonly Counter<long> _offersTaken;
    private readonly Counter<long> _offersExpired;
    private readonly Histogram<int> _commitSize;
    private readonly Histogram<double> _commitDuration;
    private readonly Histogram<double> _commitWait;
    private readonly Counter<long> _commitFailures;

    public EventMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MetricNames.Meter);
        _accepted = meter.CreateCounter<long>(MetricNames.BookingsAccepted, "{booking}", "Confirmed and durable.");
        _tickets = meter.CreateCounter<long>(MetricNames.TicketsSold, "{ticket}", "Tickets of those bookings.");
        _refused = meter.CreateCounter<long>(MetricNames.BookingsRefused, "{booking}", "Asked for and refused.");
        _cancelled = meter.CreateCounter<long>(
            MetricNames.BookingsCancelled, "{booking}", "Given back, or cancelled with their event.");
        _joined = meter.CreateCounter<long>(MetricNames.WaitlistJoined, "{entry}", "Places in queues.");
        _offersMade = meter.CreateCounter<long>(MetricNames.OffersMade, "{offer}", "Tickets held for the next.");
        _offersTaken = meter.CreateCounter<long>(MetricNames.OffersTaken, "{offer}", "Offers that were booked.");
        _offersExpired = meter.CreateCounter<long>(MetricNames.OffersExpired, "{offer}", "Offers that ran out.");
        _commitSize = meter.CreateHistogram(
            MetricNames.CommitSize, "{fact}", "Facts that shared a commit.", advice: new InstrumentAdvice<int>
            {
                HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096],
            });
        _commitDuration = meter.CreateHistogram(
            MetricNames.CommitDuration, "s", "From sending a commit to its end.", advice: Seconds);
        _commitWait = meter.CreateHistogram(
            MetricNames.CommitWait, "s", "From a commit's first caller to sending it.", advice: Seconds);
        _commitFailures = meter.CreateCounter<long>(
            MetricNames.CommitFailures, "{commit}", "Not known to be durable.");
    }

    /// <summary>Shows every counter at zero, so that the first of its kind is seen as a rise. Called once the metrics
    /// are listened to.</summary>
    public void Begin()
    {
        foreach (var outcome in Refusals.Keys.Where(IsRefusal)) Count(_refused, 0, Refusals[outcome]);
        foreach (var reason in Failures.Values) Count(_commitFailures, 0, reason);
        Counter<long>[] counters =
            [_accepted, _tickets, _cancelled, _joined, _offersMade, _offersTaken, _offersExpired];
        foreach (var counter in counters) counter.Add(0);
    }

    /// <summary>Counts a booking that was refused; nothing for one that was not.</summary>
    public void Refused(BookOutcome outcome)
    {
        if (IsRefusal(outcome)) Count(_refused, 1, Refusals[outcome]);
    }

    /// <summary>Writes a commit and counts what came of it.</summary>
    /// <param name="waited">How long the first of its callers has, until now.</param>
    /// <param name="write">Answers when it was sent, as a timestamp of <see cref="Stopwatch"/>.</param>
    public async Task MeasureAsync(EventCommit commit, TimeSpan waited, Func<EventCommit, Task<long>> write)
    {
        var began = Stopwatch.GetTimestamp();
        var sent = began; // When one that failed was sent is not told.
        try
        {
            sent = await write(commit);
        }
        catch (Exception failure)
        {
            var reason = (failure as CommitFailedException)?.Failure ?? CommitFailure.Unknown;
            Count(_commitFailures, 1, Failures[reason]);
            throw;
        }
        finally
        {
            _commitWait.Record((waited + Stopwatch.GetElapsedTime(began, sent)).TotalSeconds);
            _commitDuration.Record(Stopwatch.GetElapsedTime(sent).TotalSeconds);
        }

        _commitSize.Record(commit.Facts.Count);
        foreach (var fact in commit.Facts) Count(fact);
    }

    private void Count(EventFact fact)
    {
        switch (fact)
        {
            case BookingConfirmed booking:
                _accepted.Add(1);
                _tickets.Add(booking.Quantity);
                break;
            case BookingCancelled:
                _cancelled.Add(1);
                break;
            case EventCancelled cancelled:
                _cancelled.Add(cancelled.Bookings);
                break;
            case WaitlistJoined:
                _joined.Add(1);
                break;
            case OfferMade:
                _offersMade.Add(1);
                break;
            case WaitlistEntryEnded { HeldOffer: true, Status: WaitlistStatus.Converted }:
                _offersTaken.Add(1);
                break;
            case WaitlistEntryEnded { HeldOffer: true, Status: WaitlistStatus.Expired }:
                _offersExpired.Add(1);
                break;
        }
    }

    /// <summary>A key that was just used leads to its booking.</summary>
    private static bool IsRefusal(BookOutcome outcome) =>
        outcome is not (BookOutcome.Confirmed or BookOutcome.KeyJustUsed);

    private static void Count(Counter<long> counter, long count, string reason) =>
        counter.Add(count, new KeyValuePair<string, object?>("reason", reason));

    private static Dictionary<T, string> NamesOf<T>()
        where T : struct, Enum =>
        Enum.GetValues<T>().ToDictionary(
            value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));
}
