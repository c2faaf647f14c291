using EventFlux.Contracts.Users;
using EventFlux.Grains.Audit;
using EventFlux.Grains.Events;
using Npgsql;
using NpgsqlTypes;

namespace EventFlux.Grains.Storage;

/// <summary>
/// The statements of one event's commit, or of several events' at once, as one batch: one round trip and, since nothing
/// between them ends it, one transaction. The fence comes first; when it fails, PostgreSQL skips the rest. Statements
/// that would write nothing are left out.
/// </summary>
internal static class EventCommitCommands
{
    /// <summary>The order matters: what gives up a place (a cancelled booking, an ended entry) comes before what may
    /// take it again, and what ends everything after both. Keys come before buyers in every commit, since another
    /// event's commit may wait for either.</summary>
    /// <param name="commits">One, or several that <see cref="EventCommit.CanShare"/>, each of another event.</param>
    public static NpgsqlBatch Create(NpgsqlConnection connection, IReadOnlyList<EventCommit> commits)
    {
        var rows = new EventCommitRows(commits);
        var alone = commits[0]; // Whose rows those are that no shared commit has.
        var batch = new NpgsqlBatch(connection);
        if (commits.Count > 1) batch.Add(EventCommitSql.WaitBriefly);
        if (rows.Created is { } created) AddCreation(batch, alone, created);
        else if (commits.Count > 1) AddFence(batch, commits);
        else AddFence(batch, alone);
        if (rows.ChangedAt is { } changedAt) AddChange(batch, alone, changedAt, rows.DeletedAt);
        batch.AddSeatsGivenUp(rows);
        AddBookings(batch, rows);
        batch.AddHolds(rows);
        batch.AddSeatsTaken(alone, rows);
        AddEntries(batch, alone.EventId, rows);
        AddKeys(batch, rows.Keys);
        AddBooks(batch, alone.EventId, rows);
        AddOutbox(batch, rows.Outbox);
        AddAudit(batch, rows.Actions);
        return batch;
    }

    private static void AddCreation(NpgsqlBatch batch, EventCommit commit, EventCreated created)
    {
        var (details, counts) = (commit.State.Details, commit.State.Counts);
        batch.Add(EventCommitSql.CreateEvent)
            .With(commit.EventId).With(details.Name).With(details.Description).With(details.Venue)
            .With(details.Address).With(details.EventDate).With(details.Price).With(details.Currency)
            .With(details.Category).With(details.ImageUrl).With(commit.State.Capacity)
            .With(commit.State.Status.ToText()).With(commit.State.DetailsVersion).With(created.CreatedBy)
            .With(created.CreatedByName).With(created.At);
        batch.Add(EventCommitSql.CreateInventory)
            .With(commit.EventId).With(commit.State.Capacity).With(counts.Available).With(counts.Booked)
            .With(counts.Held).With(counts.Waiting);
    }

    private static void AddFence(NpgsqlBatch batch, EventCommit commit)
    {
        var (state, counts) = (commit.State, commit.State.Counts);
        batch.Add(EventCommitSql.Fence)
            .With(commit.EventId).With(commit.Version).With(state.Capacity).With(counts.Available).With(counts.Booked)
            .With(counts.Held).With(counts.Waiting).With(state.PlanVersion > 0);
    }

    private static void AddFence(NpgsqlBatch batch, IReadOnlyList<EventCommit> commits) => batch
        .Add(EventCommitSql.FenceOfSeveral)
        .With(NpgsqlDbType.Uuid, commits, commit => commit.EventId)
        .With(NpgsqlDbType.Bigint, commits, commit => commit.Version)
        .With(NpgsqlDbType.Integer, commits, commit => commit.State.Capacity)
        .With(NpgsqlDbType.Integer, commits, commit => commit.State.Counts.Available)
        .With(NpgsqlDbType.Integer, commits, commit => commit.State.Counts.Booked)
        .With(NpgsqlDbType.Integer, commits, commit => commit.State.Counts.Held)
        .With(NpgsqlDbType.Integer, commits, commit => commit.State.Counts.Waiting)
        .With(NpgsqlDbType.Boolean, commits, commit => commit.State.PlanVersion > 0);

    private static void AddChange(
        NpgsqlBatch batch, EventCommit commit, DateTimeOffset changedAt, DateTimeOffset? deletedAt)
    {
        var details = commit.State.Details;
        batch.Add(EventCommitSql.ChangeEvent)
            .With(commit.EventId).With(details.Name).With(details.Description).With(details.Venue)
            .With(details.Address).With(details.EventDate).With(details.Price).With(details.Currency)
            .With(details.Category).With(details.ImageUrl).With(commit.State.Capacity)
            .With(commit.State.Status.ToText()).With(commit.State.DetailsVersion).With(changedAt).With(deletedAt);
    }

    private static void AddBookings(NpgsqlBatch batch, EventCommitRows rows)
    {
        if (rows.CancelledBookings is { Count: > 0 } cancelled)
        {
            batch.Add(EventCommitSql.CancelBookings)
                .With(NpgsqlDbType.Uuid, cancelled, row => row.BookingId)
                .With(NpgsqlDbType.TimestampTz, cancelled, row => row.At);
        }

        if (rows.NewBookings is { Count: > 0 } added)
        {
            var hasSeats = added.Exists(row => !row.Fact.Tickets.Seats.IsDefault);
            var command = batch.Add(hasSeats ? SeatCommitSql.InsertBookings : EventCommitSql.InsertBookings)
                .With(NpgsqlDbType.Uuid, added, row => row.EventId)
                .With(NpgsqlDbType.Uuid, added, row => row.Fact.BookingId)
                .With(NpgsqlDbType.Uuid, added, row => row.Fact.UserId)
                .With(NpgsqlDbType.Text, added, row => row.Fact.Reference)
                .With(NpgsqlDbType.Integer, added, row => row.Fact.Quantity)
                .With(NpgsqlDbType.Numeric, added, row => row.Fact.Tickets.UnitPrice)
                .With(NpgsqlDbType.Text, added, row => row.Fact.Currency)
                .With(NpgsqlDbType.TimestampTz, added, row => row.Fact.At)
                .With(NpgsqlDbType.TimestampTz, added, row => row.CancelledAt);
            if (hasSeats) command.WithSeats(added);
        }
    }

    private static void AddEntries(NpgsqlBatch batch, Guid eventId, EventCommitRows rows)
    {
        if (rows.ChangedEntries is { Count: > 0 } changed)
        {
            batch.Add(EventCommitSql.ChangeEntries)
                .With(NpgsqlDbType.Uuid, changed, row => row.Id)
                .With(NpgsqlDbType.Text, changed, row => row.Status.ToText())
                .With(NpgsqlDbType.TimestampTz, changed, row => row.NotifiedAt)
                .With(NpgsqlDbType.TimestampTz, changed, row => row.ExpiresAt)
                .With(NpgsqlDbType.TimestampTz, changed, row => row.EndedAt)
                .With(NpgsqlDbType.Json, changed, row => SeatJson.Of(row.Seats));
        }

        if (rows.NewEntries is { Count: > 0 } added)
        {
            batch.Add(EventCommitSql.InsertEntries)
                .With(NpgsqlDbType.Uuid, added, row => row.EventId)
                .With(NpgsqlDbType.Uuid, added, row => row.Id)
                .With(NpgsqlDbType.Uuid, added, row => row.Joined!.UserId)
                .With(NpgsqlDbType.Bigint, added, row => row.Joined!.Sequence)
                .With(NpgsqlDbType.Integer, added, row => row.Joined!.Quantity)
                .With(NpgsqlDbType.TimestampTz, added, row => row.Joined!.At)
                .With(NpgsqlDbType.Text, added, row => row.Status.ToText())
                .With(NpgsqlDbType.TimestampTz, added, row => row.NotifiedAt)
                .With(NpgsqlDbType.TimestampTz, added, row => row.ExpiresAt)
                .With(NpgsqlDbType.TimestampTz, added, row => row.EndedAt)
                .With(NpgsqlDbType.Json, added, row => SeatJson.Of(row.Seats))
                .With(NpgsqlDbType.Text, added, row => SectionsOf(row.Joined!));
        }

        if (rows.WaitlistClosedAt is { } at) batch.Add(EventCommitSql.CloseEntries).With(eventId).With(at);
    }

    private static string? SectionsOf(WaitlistJoined fact) =>
        fact.Sections.IsDefault ? null : string.Join(',', fact.Sections);

    private static void AddKeys(NpgsqlBatch batch, List<KeyRow> keys)
    {
        if (keys.Count == 0) return;
        batch.Add(EventCommitSql.InsertKeys)
            .With(NpgsqlDbType.Uuid, keys, row => row.UserId)
            .With(NpgsqlDbType.Text, keys, row => row.Scope)
            .With(NpgsqlDbType.Text, keys, row => row.Claim.Key)
            .With(NpgsqlDbType.Bytea, keys, row => row.Claim.RequestHash.ToArray())
            .With(NpgsqlDbType.Uuid, keys, row => row.ResourceId)
            .With(NpgsqlDbType.TimestampTz, keys, row => row.CreatedAt);
    }

    /// <summary>The buyers change in the first of the statements that comes to the books, and only there.</summary>
    private static void AddBooks(NpgsqlBatch batch, Guid eventId, EventCommitRows rows)
    {
        var buyers = rows.BuyerChanges;
        if (rows.CancelledAt is { } at)
        {
            batch.Add(EventCommitSql.CancelAllBookings)
                .With(eventId).With(at).With(DateOnly.FromDateTime(at.UtcDateTime)).WithBuyers(buyers);
            buyers = [];
        }

        DayRow[] days = [.. rows.Days];
        if (days.Length == 0) return;
        var command = batch.Add(buyers.Count == 0 ? EventCommitSql.AddToDays : EventCommitSql.AddToDaysAndBuyers)
            .With(NpgsqlDbType.Uuid, days, day => day.EventId)
            .With(NpgsqlDbType.Date, days, day => day.Day)
            .With(NpgsqlDbType.Integer, days, day => day.Bookings)
            .With(NpgsqlDbType.Integer, days, day => day.Tickets)
            .With(NpgsqlDbType.Numeric, days, day => day.Revenue)
            .With(NpgsqlDbType.Integer, days, day => day.Cancellations)
            .With(NpgsqlDbType.Numeric, days, day => day.Refunded)
            .With(NpgsqlDbType.Integer, days, day => day.WaitlistJoins)
            .With(NpgsqlDbType.Integer, days, day => day.Offers)
            .With(NpgsqlDbType.Integer, days, day => day.Conversions);
        if (buyers.Count > 0) command.WithBuyers(buyers);
    }

    private static NpgsqlBatchCommand WithBuyers(
        this NpgsqlBatchCommand command, IReadOnlyList<KeyValuePair<Guid, int>> changes) => command
        .With(NpgsqlDbType.Uuid, changes, change => change.Key)
        .With(NpgsqlDbType.Integer, changes, change => change.Value);

    private static void AddOutbox(NpgsqlBatch batch, List<OutboxRow> outbox)
    {
        if (outbox.Count == 0) return;
        batch.Add(EventCommitSql.InsertOutbox)
            .With(NpgsqlDbType.Uuid, outbox, row => row.EventId)
            .With(NpgsqlDbType.Text, outbox, row => row.Kind)
            .With(NpgsqlDbType.Uuid, outbox, row => row.SubjectId)
            .With(NpgsqlDbType.Uuid, outbox, row => row.UserId)
            .With(NpgsqlDbType.Integer, outbox, row => row.Quantity)
            .With(NpgsqlDbType.TimestampTz, outbox, row => row.OccurredAt);
    }

    private static void AddAudit(NpgsqlBatch batch, List<ActionRow> actions)
    {
        if (actions.Count == 0) return;
        batch.Add(EventCommitSql.InsertAudit)
            .With(NpgsqlDbType.TimestampTz, actions, row => row.Noted.At)
            .With(NpgsqlDbType.Uuid, actions, row => row.Noted.By?.Id)
            .With(NpgsqlDbType.Text, actions, row => row.Noted.By?.Role?.ToText())
            .With(NpgsqlDbType.Text, actions, row => row.Noted.Action.ToText())
            .With(NpgsqlDbType.Uuid, actions, row => row.SubjectId)
            .With(NpgsqlDbType.Jsonb, actions, row => AuditChanges.Of(row.Noted))
            .With(NpgsqlDbType.Text, actions, row => row.Noted.By?.TraceId);
    }
}
