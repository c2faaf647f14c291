using EventFlux.Grains.Events;
using Npgsql;
using NpgsqlTypes;

namespace EventFlux.Grains.Storage;

/// <summary>The part of a commit that is about seats and holds.</summary>
internal static class SeatCommitCommands
{
    /// <summary>Before anything may take the seats again.</summary>
    public static void AddSeatsGivenUp(this NpgsqlBatch batch, EventCommitRows rows)
    {
        if (rows.SeatsGivenUp is not { Count: > 0 } seats) return;
        batch.Add(SeatCommitSql.GiveUpSeats)
            .With(NpgsqlDbType.Uuid, seats, seat => seat.EventId)
            .With(NpgsqlDbType.Text, seats, seat => seat.SeatId);
    }

    /// <summary>Ends first: a user's next hold may be in the same batch.</summary>
    public static void AddHolds(this NpgsqlBatch batch, EventCommitRows rows)
    {
        if (rows.ChangedHolds is { Count: > 0 } changed)
        {
            batch.Add(SeatCommitSql.ChangeHolds)
                .With(NpgsqlDbType.Uuid, changed, row => row.Id)
                .With(NpgsqlDbType.Text, changed, row => row.Status.ToText())
                .With(NpgsqlDbType.TimestampTz, changed, row => row.ExpiresAt)
                .With(NpgsqlDbType.Boolean, changed, row => row.IsExtended)
                .With(NpgsqlDbType.TimestampTz, changed, row => row.EndedAt);
        }

        if (rows.NewHolds is { Count: > 0 } added)
        {
            batch.Add(SeatCommitSql.InsertHolds)
                .With(NpgsqlDbType.Uuid, added, row => row.EventId)
                .With(NpgsqlDbType.Uuid, added, row => row.Id)
                .With(NpgsqlDbType.Uuid, added, row => row.Begun!.UserId)
                .With(NpgsqlDbType.Integer, added, row => row.Begun!.Tickets.Quantity)
                .With(NpgsqlDbType.Numeric, added, row => row.Begun!.Tickets.UnitPrice)
                .With(NpgsqlDbType.Numeric, added, row => row.Begun!.Tickets.Amount)
                .With(NpgsqlDbType.Text, added, row => row.Begun!.Currency)
                .With(NpgsqlDbType.Json, added, row => SeatJson.Of(row.Begun!.Tickets.Seats))
                .With(NpgsqlDbType.TimestampTz, added, row => row.Begun!.At)
                .With(NpgsqlDbType.Text, added, row => row.Status.ToText())
                .With(NpgsqlDbType.TimestampTz, added, row => row.ExpiresAt)
                .With(NpgsqlDbType.Boolean, added, row => row.IsExtended)
                .With(NpgsqlDbType.TimestampTz, added, row => row.EndedAt);
        }
    }

    /// <summary>The plan, what is blocked, and what is sold now.</summary>
    /// <param name="alone">Whose plan it is: such a commit shares with none.</param>
    public static void AddSeatsTaken(this NpgsqlBatch batch, EventCommit alone, EventCommitRows rows)
    {
        if (rows.Plan is { } plan)
        {
            batch.Add(SeatCommitSql.SetPlan)
                .With(alone.EventId).With(alone.State.PlanVersion).With(SeatJson.Of(plan.Plan));
        }

        AddBlocks(batch, alone.EventId, rows);
        if (rows.CancelledAt is not null)
        {
            batch.Add(SeatCommitSql.GiveUpAllSeats).With(alone.EventId);
            return;
        }

        List<(BookingRow Row, string SeatId)> sold =
        [
            .. rows.NewBookings.Where(row => row.CancelledAt is null && !row.Fact.Tickets.Seats.IsDefault)
                .SelectMany(row => row.Fact.Tickets.Seats.Select(seat => (row, seat.Id))),
        ];
        if (sold.Count == 0) return;
        batch.Add(SeatCommitSql.SellSeats)
            .With(NpgsqlDbType.Uuid, sold, seat => seat.Row.EventId)
            .With(NpgsqlDbType.Text, sold, seat => seat.SeatId)
            .With(NpgsqlDbType.Uuid, sold, seat => seat.Row.Fact.BookingId);
    }

    /// <summary>The columns that bookings without seats don't have.</summary>
    public static void WithSeats(this NpgsqlBatchCommand command, List<BookingRow> rows) => command
        .With(NpgsqlDbType.Numeric, rows, row => AmountOf(row.Fact.Tickets))
        .With(NpgsqlDbType.Json, rows, row => SeatJson.Of(row.Fact.Tickets.Seats));

    private static decimal? AmountOf(Tickets tickets) => tickets.UnitPrice is null ? tickets.Amount : null;

    private static void AddBlocks(NpgsqlBatch batch, Guid eventId, EventCommitRows rows)
    {
        if (rows.Blocks.Count == 0) return;
        KeyValuePair<string, SeatsBlocked>[] blocked = [.. rows.Blocks.Where(block => block.Value.Reason is not null)];
        string[] unblocked = [.. rows.Blocks.Where(block => block.Value.Reason is null).Select(block => block.Key)];
        if (unblocked.Length > 0)
            batch.Add(SeatCommitSql.UnblockSeats).With(eventId).With(NpgsqlDbType.Text, unblocked, seat => seat);
        if (blocked.Length == 0) return;
        batch.Add(SeatCommitSql.BlockSeats)
            .With(eventId)
            .With(NpgsqlDbType.Text, blocked, block => block.Key)
            .With(NpgsqlDbType.Text, blocked, block => block.Value.Reason)
            .With(NpgsqlDbType.TimestampTz, blocked, block => block.Value.At);
    }
}
