using CsCheck;
using EventFlux.Contracts.Events;

namespace EventFlux.Tests.Properties;

/// <summary>Random histories of one event: a capacity, and commands of a dozen users.</summary>
internal static class Histories
{
    private static readonly Gen<int> User = Gen.Int[0, 11];
    private static readonly Gen<int> Quantity = Gen.Int[1, 4];

    private static readonly Gen<Command> AnyCommand = Gen.Frequency(
        (30, Gen.Select(User, Quantity, (user, quantity) => (Command)new Command.Book(user, quantity))),
        (12, Gen.Select(User, Gen.Bool, (user, admin) => (Command)new Command.Return(user, admin))),
        (25, Gen.Select(User, Quantity, (user, quantity) => (Command)new Command.Join(user, quantity))),
        (6, User.Select(user => (Command)new Command.Leave(user))),
        (20, Gen.Select(User, Quantity, (user, quantity) => (Command)new Command.Hold(user, quantity))),
        (12, User.Select(user => (Command)new Command.BookHold(user))),
        (4, User.Select(user => (Command)new Command.Extend(user))),
        (4, User.Select(user => (Command)new Command.Release(user))),
        (5, Gen.Int[1, 12].Select(capacity => (Command)new Command.Update(capacity, null, null))),
        (1, Gen.Int[-1, 72].Select(hours =>
            (Command)new Command.Update(null, TimeSpan.FromHours(hours), null))),
        (2, OneOf(EventStatus.Draft, EventStatus.Active, EventStatus.Active, EventStatus.Active)
            .Select(status => (Command)new Command.Update(null, null, status))),
        (2, OneOf("USD", "EUR").Select(currency => (Command)new Command.Update(null, null, null, currency))),
        (10, OneOf(0, 1, 7, 14, 15, 16, 60, 600)
            .Select(minutes => (Command)new Command.Wait(TimeSpan.FromMinutes(minutes)))),
        (10, Gen.Const((Command)new Command.Commit())),
        (3, Gen.Const((Command)new Command.Crash())));

    /// <summary>Ends are rare, or most histories would be short: one at most, somewhere.</summary>
    private static readonly Gen<Command> AnEnd = OneOf<Command>(
        new Command.Update(null, null, EventStatus.Cancelled), new Command.Delete(),
        new Command.Wait(TimeSpan.FromDays(4)));

    public static Gen<(int Capacity, List<Command> Commands)> Any(int longest) => Gen.Select(
        Gen.Int[1, 12], AnyCommand.List[1, longest], AnEnd, AnyCommand.List[0, 10],
        (capacity, history, end, after) => (capacity, history.Append(end).Concat(after).ToList()));

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
