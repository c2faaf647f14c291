namespace EventFlux.Tests.Storage.OrleansTables;

/// <summary>
/// Ranges of the hash ring. A range goes from its begin (excluded) clockwise to its end (included), over the ring's end
/// if it must; begin = end is the whole ring. The hashes are set by SQL: no grain id could be found for each corner.
/// </summary>
public sealed class ReminderRangeTests(OrleansDatabase database) : IAsyncLifetime, IClassFixture<OrleansDatabase>
{
    /// <summary>On the ring; the upper half is stored as negative numbers.</summary>
    private static readonly uint[] Hashes =
    [
        0, 1, 1000, int.MaxValue - 1, int.MaxValue,
        0x80000000, 0x80000001, 0xF0000000, uint.MaxValue - 1, uint.MaxValue,
    ];

    private OrleansProviders? _providers;

    /// <summary>Every pair, which takes in begin = end, begin > end and both sides of the sign's change.</summary>
    public static TheoryData<uint, uint> Ranges =>
        [.. from begin in Hashes from end in Hashes select (begin, end)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _providers = await database.StartProvidersAsync();
        foreach (var hash in Hashes)
        {
            await database.ScalarAsync<int>(
                """
                insert into orleans_reminders (serviceid, grainid, remindername, starttime, period, grainhash)
                values (@id, 'tested/' || @name, @name, now(), 60000, @hash)
                """,
                ("id", _providers.Id),
                ("name", $"{hash}"),
                ("hash", unchecked((int)hash)));
        }
    }

    public ValueTask DisposeAsync() => _providers!.DisposeAsync();

    [Theory]
    [MemberData(nameof(Ranges))]
    public async Task ReadRows_Range_AreThoseFromBeginExclusiveToEndInclusive(uint begin, uint end)
    {
        var expected = Hashes.Where(hash => begin < end
            ? hash > begin && hash <= end
            : hash > begin || hash <= end);

        var rows = await _providers!.Reminders.ReadRows(begin, end, Cancellation);

        Assert.Equal(expected.Select(h => $"{h}").Order(), rows.Reminders.Select(r => r.ReminderName).Order());
    }

    [Fact]
    public async Task Upsert_RealGrains_AreFoundInTheRangeOfTheirHash()
    {
        var grains = Enumerable.Range(0, 40).Select(n => GrainId.Create("maintenance", $"g{n}")).ToArray();
        Assert.Contains(grains, g => g.GetUniformHashCode() > int.MaxValue);
        Assert.Contains(grains, g => g.GetUniformHashCode() <= int.MaxValue);
        foreach (var grain in grains)
        {
            await _providers!.Reminders.UpsertRow(
                new()
                {
                    GrainId = grain,
                    ReminderName = "tick",
                    StartAt = new(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc),
                    Period = TimeSpan.FromMinutes(1),
                },
                Cancellation);
        }

        foreach (var grain in grains)
        {
            var hash = grain.GetUniformHashCode();
            var rows = await _providers!.Reminders.ReadRows(hash - 1, hash, Cancellation);
            Assert.Equal(grain, Assert.Single(rows.Reminders).GrainId);
        }
    }
}
