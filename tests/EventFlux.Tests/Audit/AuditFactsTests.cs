using EventFlux.Contracts;
using EventFlux.Contracts.Events;
using EventFlux.Contracts.Users;
using EventFlux.Grains.Audit;
using EventFlux.Grains.Events;
using EventFlux.Grains.Storage;
using Npgsql;

namespace EventFlux.Tests.Audit;

/// <summary>What an event decides is to be audited, and what costs nothing.</summary>
public sealed class AuditFactsTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Actor Admin = new(Guid.NewGuid(), UserRole.Admin, "trace");
    private static readonly EventDetails Details =
        new("Night", "Words", "Hall 1", null, Now.AddDays(30), 49.50m, "USD", null, null);

    private readonly EventInventory _inventory = new(TimeSpan.FromMinutes(15));
    private readonly List<EventFact> _facts = [];

    public AuditFactsTests() => _inventory.Create(
        new(Details, 10, EventStatus.Draft, Admin.Id, "Admin", Admin), Now, _facts);

    [Fact]
    public void Create_NotesEveryMemberThatIsThere()
    {
        var noted = Assert.Single(_facts.OfType<ActionNoted>());

        Assert.Equal((AuditAction.EventCreate, Admin), (noted.Action, noted.By));
        Assert.Equal(
            Json("""
                {"name":{"new":"Night"},"description":{"new":"Words"},"venue":{"new":"Hall 1"},
                "event_date":{"new":"2030-01-31T12:00:00Z"},"price":{"new":"49.50"},"currency":{"new":"USD"},
                "capacity":{"new":"10"},"status":{"new":"draft"}}
                """),
            AuditChanges.Of(noted));
    }

    [Fact]
    public void Create_WithoutAnActor_IsTheCreators()
    {
        var (creator, facts) = (Guid.NewGuid(), new List<EventFact>());

        new EventInventory(TimeSpan.FromMinutes(15)).Create(
            new(Details, 10, EventStatus.Draft, creator, "Admin"), Now, facts);

        Assert.Equal(new Actor(creator), Assert.Single(facts.OfType<ActionNoted>()).By);
    }

    [Fact]
    public void Update_NotesWhatDiffersAndNothingElse()
    {
        _facts.Clear();
        var patch = new EventPatch { Name = "Night", Description = null, Price = 50m, Status = EventStatus.Active };

        _inventory.Update(new(patch, null, Admin), Now, _facts);
        _inventory.Update(new(patch, null, Admin), Now, _facts);

        var noted = Assert.Single(_facts.OfType<ActionNoted>());
        Assert.Equal((AuditAction.EventUpdate, Admin), (noted.Action, noted.By));
        Assert.Equal(
            Json("""
                {"description":{"old":"Words"},"price":{"old":"49.50","new":"50.00"},
                "status":{"old":"draft","new":"active"}}
                """),
            AuditChanges.Of(noted));
    }

    [Fact]
    public void Update_ThatAlsoCallsOff_NotesBoth()
    {
        _facts.Clear();

        _inventory.Update(
            new(new EventPatch { Name = "No night", Status = EventStatus.Cancelled }, null, Admin), Now, _facts);

        Assert.Equal(
            ((AuditAction, string)[])
            [(AuditAction.EventUpdate, """{"name":{"old":"Night","new":"No night"}}"""),
             (AuditAction.EventCancel, """{"status":{"old":"draft","new":"cancelled"}}""")],
            _facts.OfType<ActionNoted>().Select(noted => (noted.Action, AuditChanges.Of(noted))).ToArray());
    }

    [Fact]
    public void Delete_NotesWhatWasThere()
    {
        _facts.Clear();

        _inventory.Delete(Admin, Now, _facts);

        var noted = Assert.Single(_facts.OfType<ActionNoted>());
        Assert.Equal((AuditAction.EventDelete, Admin), (noted.Action, noted.By));
        Assert.Contains("""
            "name":{"old":"Night"}
            """, AuditChanges.Of(noted), StringComparison.Ordinal);
    }

    [Fact]
    public void Refusals_NoteNothing()
    {
        _inventory.Update(new(new EventPatch { Status = EventStatus.Active }, null, Admin), Now, _facts);
        _inventory.Book(new(Guid.NewGuid(), 2), Guid.NewGuid(), "EVT-1", Now, _facts);
        _facts.Clear();

        _inventory.Update(new(new EventPatch { Capacity = 1 }, null, Admin), Now, _facts);
        _inventory.Update(new(new EventPatch { Capacity = 20 }, ExpectedDetailsVersion: 99, Admin), Now, _facts);
        _inventory.Delete(Admin, Now, _facts);
        _inventory.ReturnTickets(new(Guid.NewGuid(), Guid.NewGuid(), 1m, AsAdmin: true, Admin), Now, _facts);

        Assert.Empty(_facts);
    }

    [Fact]
    public void Booking_AndItsOwnersCancellation_CostNoStatement()
    {
        _inventory.Update(new(new EventPatch { Status = EventStatus.Active }, null, Admin), Now, _facts);
        _facts.Clear();
        var (user, booking) = (Guid.NewGuid(), Guid.NewGuid());
        _inventory.Book(new(user, 2), booking, "EVT-1", Now, _facts);
        _inventory.ReturnTickets(new(booking, user, 99m, AsAdmin: false), Now, _facts);

        Assert.DoesNotContain(EventCommitSql.InsertAudit, StatementsOf(_facts));

        _inventory.Book(new(user, 2), booking, "EVT-2", Now, _facts);
        _inventory.ReturnTickets(new(booking, user, 99m, AsAdmin: true, Admin), Now, _facts);
        Assert.Single(StatementsOf(_facts), EventCommitSql.InsertAudit);
    }

    private static string Json(string text) => text.ReplaceLineEndings("");

    private List<string> StatementsOf(List<EventFact> facts)
    {
        var state = new EventState(
            _inventory.Details, _inventory.Status, _inventory.Capacity, _inventory.DetailsVersion, _inventory.Counts);
        using var connection = new NpgsqlConnection();
        using var batch = EventCommitCommands.Create(connection, [new(Guid.NewGuid(), 1, state, facts)]);
        return [.. batch.BatchCommands.OfType<NpgsqlBatchCommand>().Select(command => command.CommandText)];
    }
}
