namespace EventFlux.Grains.Observability;

/// <summary>
/// Every metric of EventFlux's own, in one place. Names follow OpenTelemetry's conventions; Prometheus shows them with
/// underscores, the unit, and <c>_total</c> behind counters. No tag ever holds an id, a name or an address: the number
/// of series doesn't grow with events or users. Facts are counted by the silo that made them durable, once, after the
/// commit.
/// </summary>
public static class MetricNames
{
    /// <summary>The meter of them all.</summary>
    public const string Meter = "EventFlux";

    /// <summary>Counter, bookings: confirmed and durable.</summary>
    public const string BookingsAccepted = "eventflux.bookings.accepted";

    /// <summary>Counter, tickets of those bookings.</summary>
    public const string TicketsSold = "eventflux.tickets.sold";

    /// <summary>Counter, bookings that were asked for and refused; tag <c>reason</c>:
    /// <c>insufficient_availability</c>, <c>duplicate_booking</c>, <c>event_not_bookable</c>,
    /// <c>event_not_found</c>.</summary>
    public const string BookingsRefused = "eventflux.bookings.refused";

    /// <summary>Counter, bookings: given back one by one, or cancelled with their event.</summary>
    public const string BookingsCancelled = "eventflux.bookings.cancelled";

    /// <summary>Counter, waitlist entries.</summary>
    public const string WaitlistJoined = "eventflux.waitlist.joined";

    /// <summary>Counter, offers: tickets held for somebody in the queue.</summary>
    public const string OffersMade = "eventflux.offers.made";

    /// <summary>Counter, offers whose holder booked.</summary>
    public const string OffersTaken = "eventflux.offers.taken";

    /// <summary>Counter, offers that ended before their holder booked.</summary>
    public const string OffersExpired = "eventflux.offers.expired";

    /// <summary>Histogram, facts that shared one commit.</summary>
    public const string CommitSize = "eventflux.commit.size";

    /// <summary>Histogram, seconds from sending a commit to its end, failed ones too.</summary>
    public const string CommitDuration = "eventflux.commit.duration";

    /// <summary>Histogram, seconds from the first caller of a commit to its sending, failed ones too: what waits behind
    /// the event's commit before it, and behind other events' commits.</summary>
    public const string CommitWait = "eventflux.commit.wait";

    /// <summary>Counter, commits that are not known to be durable; tag <c>reason</c>: <c>fenced</c> (another
    /// activation had moved on: a fence hit), <c>rejected</c> by the database, <c>not_sent</c> (no
    /// connection), <c>unknown</c>.</summary>
    public const string CommitFailures = "eventflux.commit.failures";

    /// <summary>Up-down counter, requests that a silo is answering.</summary>
    public const string RequestsUnderWay = "eventflux.requests.under_way";

    /// <summary>Histogram, seconds of one run of a maintenance job; tag <c>job.name</c>, as with the two that
    /// follow: <c>job</c> alone is what Prometheus calls who is scraped.</summary>
    public const string JobDuration = "eventflux.maintenance.job.duration";

    /// <summary>Counter, items that a job dealt with.</summary>
    public const string JobProcessed = "eventflux.maintenance.job.processed";

    /// <summary>Counter, items that a job left for its next run.</summary>
    public const string JobFailed = "eventflux.maintenance.job.failed";
}
