using Npgsql;

namespace EventFlux.Tests.Storage.OrleansTables;

/// <summary>Reminders one by one; their ranges on the hash ring are in <see cref="ReminderRangeTests"/>.</summary>
public sealed class ReminderTableTests(OrleansDatabase database) : IAsyncLifetime, IClassFixture<OrleansDatabase>
{
    private static readonly GrainId Grain = GrainId.Create("maintenance", "one");
    private static readonly DateTime Start = new(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc);
    private OrleansProviders? _providers;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IReminderTable Reminders => _providers!.Reminders;

    public async ValueTask InitializeAsync() => _providers = await database.StartProvidersAsync();

    public ValueTask DisposeAsync() => _providers!.DisposeAsync();

    /// <summary>The last is beyond what an int of milliseconds holds, 24.8 days.</summary>
    [Theory]
    [InlineData(60)]
    [InlineData(24 * 60 * 60)]
    [InlineData(400 * 24 * 60 * 60)]
    public async Task Upsert_AnyPeriod_IsReadBackWhole(int periodSeconds)
    {
        var period = TimeSpan.FromSeconds(periodSeconds);

        await UpsertAsync("tick", period);

        var read = await ReadAsync("tick");
        Assert.Equal((Grain, "tick", period), (read.GrainId, read.ReminderName, read.Period));
        Assert.Equal((Start, DateTimeKind.Utc), (read.StartAt, read.StartAt.Kind));
    }

    [Fact]
    public async Task Upsert_PeriodGrowsPastAnInt_IsReplaced()
    {
        await UpsertAsync("tick", TimeSpan.FromMinutes(1));
        await UpsertAsync("tick", TimeSpan.FromDays(60));

        Assert.Equal(TimeSpan.FromDays(60), (await ReadAsync("tick")).Period);
    }

    [Fact]
    public async Task Upsert_Again_AnswersTheNextEtagAndKeepsOneRow()
    {
        var first = await UpsertAsync("tick", TimeSpan.FromMinutes(1));
        var second = await UpsertAsync("tick", TimeSpan.FromMinutes(2));

        Assert.Equal(("0", "1"), (first, second));
        Assert.Equal("1", Assert.Single((await Reminders.ReadRows(Grain, Cancellation)).Reminders).ETag);
    }

    [Fact]
    public async Task Upsert_ManyAtOnce_AllSucceedInOneRow()
    {
        var etags = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(_ => UpsertAsync("tick", TimeSpan.FromMinutes(1))));

        Assert.Equal(Enumerable.Range(0, 16).Select(n => $"{n}").Order(), etags.Order());
        Assert.Single((await Reminders.ReadRows(Grain, Cancellation)).Reminders);
    }

    [Fact]
    public async Task ReadRow_Unknown_IsNull()
    {
        await UpsertAsync("tick", TimeSpan.FromMinutes(1));

        Assert.Null(await Reminders.ReadRow(Grain, "tock", Cancellation));
    }

    [Fact]
    public async Task ReadRows_OfAGrain_AreItsOwn()
    {
        await UpsertAsync("tick", TimeSpan.FromMinutes(1));
        await UpsertAsync("tock", TimeSpan.FromMinutes(1));
        await UpsertAsync("tick", TimeSpan.FromMinutes(1), GrainId.Create("maintenance", "two"));

        var rows = await Reminders.ReadRows(Grain, Cancellation);

        Assert.Equal(["tick", "tock"], rows.Reminders.Select(r => r.ReminderName).Order());
    }

    [Fact]
    public async Task Remove_CurrentEtag_TakesThatRowOnly()
    {
        await UpsertAsync("tock", TimeSpan.FromMinutes(1));
        var etag = await UpsertAsync("tick", TimeSpan.FromMinutes(1));

        Assert.True(await Reminders.RemoveRow(Grain, "tick", etag, Cancellation));

        Assert.Equal("tock", Assert.Single((await Reminders.ReadRows(Grain, Cancellation)).Reminders).ReminderName);
    }

    [Fact]
    public async Task Remove_StaleEtag_IsRefusedAndKeepsTheRow()
    {
        var stale = await UpsertAsync("tick", TimeSpan.FromMinutes(1));
        await UpsertAsync("tick", TimeSpan.FromMinutes(2));

        Assert.False(await Reminders.RemoveRow(Grain, "tick", stale, Cancellation));

        Assert.Equal(TimeSpan.FromMinutes(2), (await ReadAsync("tick")).Period);
    }

    [Fact]
    public async Task Remove_AlreadyGone_IsFalse()
    {
        var etag = await UpsertAsync("tick", TimeSpan.FromMinutes(1));
        Assert.True(await Reminders.RemoveRow(Grain, "tick", etag, Cancellation));

        Assert.False(await Reminders.RemoveRow(Grain, "tick", etag, Cancellation));
    }

    [Fact]
    public async Task Upsert_PeriodOfZero_IsRefused()
    {
        var refused = await Assert.ThrowsAnyAsync<PostgresException>(() => UpsertAsync("tick", TimeSpan.Zero));

        Assert.Equal("orleans_reminders_period_check", refused.ConstraintName);
    }

    [Fact]
    public async Task ClearTable_TwoServices_TakesItsOwn()
    {
        await using var other = await database.StartProvidersAsync();
        await UpsertAsync("tick", TimeSpan.FromMinutes(1));

        await other.Reminders.TestOnlyClearTable(Cancellation);
        Assert.Single((await Reminders.ReadRows(Grain, Cancellation)).Reminders);

        await Reminders.TestOnlyClearTable(Cancellation);
        Assert.Empty((await Reminders.ReadRows(Grain, Cancellation)).Reminders);
    }

    private async Task<string> UpsertAsync(string name, TimeSpan period, GrainId? grain = null)
    {
        var entry = new ReminderEntry
        {
            GrainId = grain ?? Grain,
            ReminderName = name,
            StartAt = Start,
            Period = period,
        };
        return await Reminders.UpsertRow(entry, Cancellation) ?? throw new InvalidOperationException("No etag.");
    }

    private async Task<ReminderEntry> ReadAsync(string name) =>
        await Reminders.ReadRow(Grain, name, Cancellation) ?? throw new InvalidOperationException("No such reminder.");
}
