using EventFlux.Tests.Api;
using EventFlux.Tests.Fixtures;
using EventFlux.Tests.Seats;
using EventFlux.Tests.Storage;
using EventFlux.Tests.Users;
using Npgsql;

namespace EventFlux.Tests.Faults;

/// <summary>Seats and holds on several silos, of which some die.</summary>
public sealed class SeatFaultTests(PostgresServer server) : SiloGroupTest(server)
{
    private const int Rows = 10;
    private const int SeatsOfRow = 10;

    [Fact]
    public async Task OneSeat_AskedForOnTwoSilos_GoesToOne()
    {
        var (first, second) = (await Silos.StartAsync(), await Silos.StartAsync());
        var house = await CreateHouseAsync(first);

        foreach (var seat in Enumerable.Range(1, SeatsOfRow))
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(buyer =>
                Silos.User(buyer % 2 == 0 ? first : second).BookSeatsAsync(house, $"A-1-{seat}")));
            Assert.Single(answers, answer => answer.Status == 201);
            Assert.All(answers.Where(answer => answer.Status != 201), answer =>
                answer.IsRefusal(409, "SEATS_UNAVAILABLE"));
        }

        await AssertSoundAsync(house);
    }

    [Fact]
    public async Task Hold_OutlivesItsSilo_AndIsBookedOnAnother()
    {
        var (first, second) = (await Silos.StartAsync(), await Silos.StartAsync());
        var house = await CreateHouseAsync(first);
        var buyers = Enumerable.Range(1, 6).Select(_ => Silos.User(first)).ToArray();
        var holds = await Task.WhenAll(buyers.Select((buyer, row) =>
            buyer.HoldSeatsAsync(house, $"A-{row + 1}-1", $"A-{row + 1}-2")));
        Assert.All(holds, hold => hold.Is(201));

        first.Kill();

        var bookings = await Task.WhenAll(buyers.Select((buyer, index) => Waiting.ForAsync(
            () => Silos.User(second, buyer.Id).BookHoldAsync(house, holds[index].Id, "once"),
            answer => answer.Status != 503)));
        Assert.All(bookings, (booking, row) =>
            Assert.Equal([$"A-{row + 1}-1", $"A-{row + 1}-2"], booking.Is(201).Seats()));
        (await Silos.User(second).HoldSeatsAsync(house, "A-1-1")).IsRefusal(409, "SEATS_UNAVAILABLE");
        await AssertSoundAsync(house);
    }

    [Fact]
    public async Task Hold_ThatEndsDuringItsBooking_IsBookedOrFree_NeverBoth()
    {
        (string, string)[] brief = [("HOLD_MINUTES", "0.03")];
        var silo = await Silos.StartAsync(environment: brief);
        var house = await CreateHouseAsync(silo);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 60).Select(async index =>
        {
            var (buyer, seat) = (Silos.User(silo), $"A-{(index % 6) + 1}-{(index / 6) + 1}");
            var hold = (await buyer.HoldSeatsAsync(house, seat)).Is(201);
            // From well before its end to just behind it.
            var end = hold.Json.GetProperty("expires_at").GetDateTimeOffset() - TimeProvider.System.GetUtcNow();
            await PauseAsync(Math.Max(0, (int)end.TotalMilliseconds - 1000 + (20 * index)));
            var booked = await buyer.BookHoldAsync(house, hold.Id);
            if (booked.Status != 201) booked.IsRefusal(404, "HOLD_NOT_FOUND");
            var next = await Silos.User(silo).HoldSeatsAsync(house, seat);
            Assert.Equal(booked.Status == 201 ? 409 : 201, next.Status);
            return booked.Status;
        }));

        Assert.Contains(201, outcomes);
        Assert.Contains(404, outcomes);
        await AssertSoundAsync(house);
    }

    [Fact]
    public async Task Hold_WhoseSiloDied_EndsWithoutAnybodyAsking()
    {
        (string, string)[] brief = [("HOLD_MINUTES", "0.1")];
        var first = await Silos.StartAsync(environment: brief);
        var house = await CreateHouseAsync(first);
        (await Silos.User(first).HoldSeatsAsync(house, "A-1-1", "A-1-2")).Is(201);
        var second = await Silos.StartAsync(environment: brief);

        first.Kill();

        await Wait.UntilAsync(
            () => Database.ScalarAsync<bool>(
                "SELECT held = 0 FROM event_inventory WHERE event_id = $1", house),
            TimeSpan.FromMinutes(2), () => "The seats stay held.");
        (await Silos.User(second).BookSeatsAsync(house, "A-1-1")).Is(201);
        await AssertSoundAsync(house);
    }

    [Fact]
    public async Task PlanChange_UnderLoad_TakesNobodysSeat()
    {
        var (first, second) = (await Silos.StartAsync(), await Silos.StartAsync());
        var house = await CreateHouseAsync(first);
        var admin = Silos.Admin(second);
        var buying = Task.WhenAll(Enumerable.Range(0, 60).Select(async index =>
        {
            await PauseAsync(10 * index);
            var buyer = Silos.User(index % 2 == 0 ? first : second);
            return await buyer.BookAsync(house, (index % 3) + 1);
        }));
        var changes = new List<int>();
        for (var change = 0; change < 12; change++)
        {
            var plan = SeatBodies.Plan(SeatBodies.Section("A", 10 + change, Rows - (change % 4), SeatsOfRow));
            changes.Add((await admin.PutAsync($"/api/events/{house}/seats", plan)).Status);
            await PauseAsync(40);
        }

        var bookings = await buying;

        Assert.Contains(200, changes);
        Assert.All(changes, status => Assert.True(status is 200 or 409));
        var seats = bookings.Where(answer => answer.Status == 201).SelectMany(answer => answer.Seats()).ToArray();
        Assert.NotEmpty(seats);
        Assert.Equal(seats.Length, seats.Distinct().Count());
        await AssertSoundAsync(house);
    }

    private static Task PauseAsync(int milliseconds) =>
        Task.Delay(milliseconds, TestContext.Current.CancellationToken);

    private async Task<Guid> CreateHouseAsync(SiloProcess silo)
    {
        var house = await Silos.CreateEventAsync(silo, capacity: 1);
        var plan = SeatBodies.Plan(SeatBodies.Section("A", 10m, Rows, SeatsOfRow));
        (await Silos.Admin(silo).PutAsync($"/api/events/{house}/seats", plan)).Is(200);
        return house;
    }

    /// <summary>No seat is two people's, and all that is kept as a sum agrees with the rows.</summary>
    private async Task AssertSoundAsync(Guid house)
    {
        await using var source = NpgsqlDataSource.Create(Database.ConnectionString);
        await VerifiedDatabase.AssertNoDifferenceAsync(source);
        Assert.Equal(0, await Database.ScalarAsync<long>(
            """
            WITH taken AS (
              SELECT seat ->> 'id' AS id FROM bookings CROSS JOIN LATERAL json_array_elements(seats) AS seat
               WHERE event_id = $1 AND status = 'confirmed'
               UNION ALL
              SELECT seat ->> 'id' FROM holds CROSS JOIN LATERAL json_array_elements(seats) AS seat
               WHERE event_id = $1 AND status = 'open')
            SELECT count(*) - count(DISTINCT id) FROM taken
            """, house));
    }
}
