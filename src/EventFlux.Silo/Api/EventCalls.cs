using System.Diagnostics;
using EventFlux.Contracts.Bookings;
using EventFlux.Contracts.Events;
using EventFlux.Contracts.Waitlist;
using EventFlux.Grains;

namespace EventFlux.Silo.Api;

/// <summary>
/// Sends what buyers ask of events. What is asked of one event at the same moment travels as one call, so that the
/// hotter an event is the less each buyer's call costs, on the way to another silo above all. Safe for concurrent use.
/// </summary>
/// <remarks>Answers and faults are those of the grain's method for one. The tries of a client that repeats are its own
/// affair: see <see cref="GrainCalls"/>.</remarks>
internal sealed class EventCalls
{
    private readonly GrainsById<IEventGrain> _events;
    private readonly CallGathering<BookTickets, BookResult> _bookings;
    private readonly CallGathering<JoinWaitlist, JoinWaitlistResult> _entries;

    public EventCalls(GrainsById<IEventGrain> events)
    {
        _events = events;
        _bookings = new(async (id, commands) => commands is [var only]
            ? [await _events[id].BookAsync(only)]
            : await _events[id].BookAllAsync(commands));
        _entries = new(async (id, commands) => commands is [var only]
            ? [await _events[id].JoinWaitlistAsync(only)]
            : await _events[id].JoinWaitlistAllAsync(commands));
    }

    /// <inheritdoc cref="IEventGrain.BookAsync"/>
    public Task<BookResult> BookAsync(Guid eventId, BookTickets command) =>
        IsTraced ? _events[eventId].BookAsync(command) : _bookings.SendAsync(eventId, command);

    /// <inheritdoc cref="IEventGrain.JoinWaitlistAsync"/>
    public Task<JoinWaitlistResult> JoinWaitlistAsync(Guid eventId, JoinWaitlist command) =>
        IsTraced ? _events[eventId].JoinWaitlistAsync(command) : _entries.SendAsync(eventId, command);

    /// <summary>A call that a trace is kept of goes alone: its spans hang together.</summary>
    private static bool IsTraced => Activity.Current is { Recorded: true };
}
