using System.Globalization;
using System.Text;
using EventFlux.Contracts.Bookings;
using EventFlux.Contracts.Events;
using EventFlux.Grains.Events;
using EventFlux.Grains.Storage;

namespace EventFlux.Benchmarks;

/// <summary>What row security costs: the program's own commits and reads under the policies and roles, beside the same
/// statements as the owner on a copy of the database without them.</summary>
internal static class RowSecurityScenario
{
    /// <summary>Bookings that wait together and so share a commit, on a busy event.</summary>
    private const int BookingsPerCommit = 16;

    private static readonly PageRequest FirstPage = new(1, 10);

    public static async Task RunAsync(ScenarioOptions options)
    {
        await using var pair = await RowSecurityPair.StartAsync();
        (string Name, Func<Task> With, Func<Task> Without)[] measures =
        [
            ($"commit of {BookingsPerCommit} bookings",
                await CommitsAsync(pair.With), await CommitsAsync(pair.Without)),
            ("public list of events", EventList(pair.With), EventList(pair.Without)),
            ("one event", OneEvent(pair.With, pair.EventId), OneEvent(pair.Without, pair.EventId)),
            ("own booking by id",
                () => new BookingQueries(pair.With.Reads).FindOfUserAsync(pair.UserId, pair.BookingId, default),
                () => new BookingQueries(pair.Without.Reads).FindAsync(pair.BookingId, default)),
            ("own bookings, a page", Bookings(pair.With.Reads.As(pair.UserId)), Bookings(pair.Without.Reads)),
        ];

        var rows = new StringBuilder();
        foreach (var (name, with, without) in measures)
        {
            var line = await PairedRounds.MeasureAsync(name, with, without, options);
            Console.WriteLine(line);
            rows.AppendLine(line);
        }

        await Results.SaveAsync("row-security", Report(options, rows.ToString().TrimEnd()), options.IsTrial);

        Func<Task> Bookings(Database reader) =>
            () => BookingQueries.ListOfUserAsync(reader, pair.UserId, null, false, FirstPage, default);
    }

    private static Func<Task> EventList(RowSecuritySide side) =>
        () => new EventQueries(side.Reads, TimeProvider.System)
            .ListAsync(new EventFilter(EventStatus.Active), FirstPage, default);

    private static Func<Task> OneEvent(RowSecuritySide side, Guid id) =>
        () => new EventQueries(side.Reads, TimeProvider.System).FindAsync(id, default);

    /// <summary>An event of its own, sold by the inventory and written by the store.</summary>
    private static async Task<Func<Task>> CommitsAsync(RowSecuritySide side)
    {
        var now = TimeProvider.System.GetUtcNow();
        var (id, version) = (Guid.CreateVersion7(now), 0L);
        var inventory = new EventInventory(TimeSpan.FromMinutes(15));
        var store = new EventStore(side.Commits, side.Reads);
        var details = new EventDetails("A hot event", null, "A hall", null, now.AddDays(30), 10m, "USD", null, null);
        var facts = new List<EventFact>();
        inventory.Create(new(details, 1_000_000, EventStatus.Active, Guid.NewGuid(), "Creator"), now, facts);
        await CommitAsync();
        return async () =>
        {
            for (var i = 0; i < BookingsPerCommit; i++)
            {
                var booking = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
                inventory.Book(new BookTickets(Guid.NewGuid(), 1), booking, $"EVT-{booking:N}", now, facts);
            }

            await CommitAsync();
        };

        async Task CommitAsync()
        {
            var state = new EventState(
                inventory.Details, inventory.Status, inventory.Capacity, inventory.DetailsVersion, inventory.Counts);
            await store.CommitAsync(new(id, version++, state, [.. facts]));
            facts.Clear();
        }
    }

    private static string Report(ScenarioOptions options, string rows) => string.Create(
        CultureInfo.InvariantCulture, $"""
        # row-security

        The program's own statements, one after the other on one connection: as silos send them (roles, policies, for a
        user the statement that names the user), beside the same ones as the tables' owner on a copy of the database
        with row security off. {RowSecurityPair.Events} events, {RowSecurityPair.Bookings} bookings, 20 a user. Commits
        without waiting for the disk, which would hide what is looked for. One machine with {
            Environment.ProcessorCount} processors, busy with other work; {options.Rounds} rounds of {
            options.Round.TotalSeconds:F0} s, in each one statement with, two without, one with, and so on. Medians, and
        of the rounds' ratios also the least and the greatest.

        | | µs with | µs without | ratio |
        | --- | ---: | ---: | ---: |
        {rows}

        Repeat: `dotnet run -c Release --project tests/EventFlux.Benchmarks -- row-security --seconds {
            options.Round.TotalSeconds:F0} --rounds {options.Rounds}`

        """);
}
