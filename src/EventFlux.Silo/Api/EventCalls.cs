using System.Diagnostics;
using EventFlux.Contracts.Bookings;
using EventFlux.Contracts.Events;
using EventFlux.Contracts.Waitlist;

namespace EventFlux.Silo.Api;

/// <summary>
/// Sends what buyers ask of events. What is asked of one event at the same moment travels as one call, so that the
/// hotter an event is the less each buyer's call costs, on the way to another silo above all. Safe for concurrent use.
/// </summary>
/// <remarks>Answers and faults are those of the grain's method for one. The tries of a client that repeats are its own
/// affair: see <see cref="GrainCalls"/>.</remarks>
internal sealed class EventCalls
{
    private readonly IGrainFactory _grains;
    private readonly CallGathering<BookTickets, BookResult> _bookings;
    private readonly CallGathering<JoinWaitlist, JoinWaitlistResult> _entries;
    private GrainReference? _known;

    public EventCalls(IGrainFactory grains)
    {
        _grains = grains;
        _bookings = new(async (id, commands) => commands is [var only]
            ? [await GrainOf(id).BookAsync(only)]
            : await GrainOf(id).BookAllAsync(commands));
        _entries = new(async (id, commands) => commands is [var only]
            ? [await GrainOf(id).JoinWaitlistAsync(only)]
            : await GrainOf(id).JoinWaitlistAllAsync(commands));
    }

    /// <inheritdoc cref="IEventGrain.BookAsync"/>
    public Task<BookResult> BookAsync(Guid eventId, BookTickets command) =>
        IsTraced ? GrainOf(eventId).BookAsync(command) : _bookings.SendAsync(eventId, command);

    /// <inheritdoc cref="IEventGrain.JoinWaitlistAsync"/>
    public Task<JoinWaitlistResult> JoinWaitlistAsync(Guid eventId, JoinWaitlist command) =>
        IsTraced ? GrainOf(eventId).JoinWaitlistAsync(command) : _entries.SendAsync(eventId, command);

    /// <summary>A call that a trace is kept of goes alone: its spans hang together.</summary>
    private static bool IsTraced => Activity.Current is { Recorded: true };

    /// <summary>As <c>GetGrain&lt;IEventGrain&gt;</c>, which looks the interface's attributes up each time.</summary>
    private IEventGrain GrainOf(Guid id)
    {
        var known = _known ??= (GrainReference)_grains.GetGrain<IEventGrain>(id);
        var grain = GrainId.Create(known.GrainId.Type, GrainIdKeyExtensions.CreateGuidKey(id));
        return (IEventGrain)_grains.GetGrain(grain, known.InterfaceType);
    }
}
