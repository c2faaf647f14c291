using EventFlux.Contracts.Events;

namespace EventFlux.Tests.Properties;

/// <summary>One step of a random history.</summary>
internal abstract record Command
{
    internal sealed record Wait(TimeSpan Span) : Command;

    internal sealed record Book(int User, int Quantity) : Command;

    internal sealed record Return(int User, bool Admin) : Command;

    internal sealed record Join(int User, int Quantity) : Command;

    internal sealed record Leave(int User) : Command;

    internal sealed record Hold(int User, int Quantity) : Command;

    /// <summary>The user's hold, or one that isn't there.</summary>
    internal sealed record BookHold(int User) : Command;

    internal sealed record Extend(int User) : Command;

    internal sealed record Release(int User) : Command;

    internal sealed record Update(
        int? Capacity, TimeSpan? DateIn, EventStatus? Status, string? Currency = null) : Command;

    internal sealed record Delete : Command;

    /// <summary>Everything so far becomes durable.</summary>
    internal sealed record Commit : Command;

    /// <summary>The activation is lost with what it had not committed, and the next one loads the rows.</summary>
    internal sealed record Crash : Command;
}
