using System.Collections.Immutable;
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
        _bookings = new((id, commands) => SendAsync(
            commands, one => _events[id].BookAsync(one), all => _events[id].BookAllAsync(all)));
        _entries = new((id, commands) => SendAsync(
            commands, one => _events[id].JoinWaitlistAsync(one), all => _events[id].JoinWaitlistAllAsync(all)));
    }

    /// <inheritdoc cref="IEventGrain.BookAsync"/>
    public Task<BookResult> BookAsync(Guid eventId, BookTickets command) =>
        IsTraced ? _events[eventId].BookAsync(command) : _bookings.SendAsync(eventId, command);

    /// <inheritdoc cref="IEventGrain.JoinWaitlistAsync"/>
    public Task<JoinWaitlistResult> JoinWaitlistAsync(Guid eventId, JoinWaitlist command) =>
        IsTraced ? _events[eventId].JoinWaitlistAsync(command) : _entries.SendAsync(eventId, command);

    private static async Task<ImmutableArray<TResult>> SendAsync<TCommand, TResult>(
        ImmutableArray<TCommand> commands,
        Func<TCommand, Task<TResult>> sendOne,
        Func<ImmutableArray<TCommand>, Task<ImmutableArray<TResult>>> sendAll) => commands is [var only]
        ? [await sendOne(only)]
        : await ReleaseBefore.OrAsync(
            () => sendAll(commands), async () => [.. await Task.WhenAll(commands.Select(sendOne))]);

    /// <summary>A call that a trace is kept of goes alone: its spans hang together.</summary>
    private static bool IsTraced => Activity.Current is { Recorded: true };
}
