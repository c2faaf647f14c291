using System.Diagnostics;
using EventFlux.Tests.Faults;
using EventFlux.Tests.Fixtures;

namespace EventFlux.Tests.Seats;

/// <summary>Viewers and buyers on different silos, which come and go.</summary>
public sealed class ViewersAcrossSilosTests(PostgresServer server) : SiloGroupTest(server)
{
    [Fact]
    public async Task Viewers_OnEitherSilo_SeeWhatTheOtherSells_WithinASecond()
    {
        var (first, second) = (await Silos.StartAsync(), await Silos.StartAsync());
        var id = await SmallHouse.CreateAsync(Silos.Admin(first), rows: 10, seats: 10);
        await using var here = await EventStream.OpenAsync(first.Http, id);
        await using var there = await EventStream.OpenAsync(second.Http, id);
        var (viewedHere, viewedThere) = (new ViewedSeats(), new ViewedSeats());
        viewedHere.Apply(await here.NextAsync());
        viewedThere.Apply(await there.NextAsync());

        var slowest = TimeSpan.Zero;
        for (var round = 1; round <= 10; round++)
        {
            var seller = round % 2 == 0 ? first : second;
            (await Silos.User(seller).BookSeatsAsync(id, $"P-R{round}-1")).Is(201);
            var sold = Stopwatch.GetTimestamp();
            await here.FollowAsync(viewedHere, seats => seats.Counts.Booked == round);
            await there.FollowAsync(viewedThere, seats => seats.Counts.Booked == round);
            if (Stopwatch.GetElapsedTime(sold) is var took && took > slowest) slowest = took;
            // Whoever has booked sees it on either silo at once.
            foreach (var silo in (SiloProcess[])[first, second])
            {
                var seats = await Silos.User(silo).SeatsAsync(id);
                Assert.Equal(viewedHere.States, seats.GetProperty("states").GetString());
            }
        }

        Assert.True(slowest < TimeSpan.FromSeconds(1), $"took {slowest}");
        Assert.Equal((1, 1), (viewedHere.Complete, viewedThere.Complete));
        Assert.Equal(viewedHere.States, viewedThere.States);
    }

    [Fact]
    public async Task Viewers_KeepTheirMap_WhenTheSiloOfTheEventIsKilled()
    {
        var (doomed, survivor) = (await Silos.StartAsync(), await Silos.StartAsync());
        var id = await SmallHouse.CreateAsync(Silos.Admin(doomed), rows: 10, seats: 10);
        await using var stream = await EventStream.OpenAsync(survivor.Http, id);
        await using var lost = await EventStream.OpenAsync(doomed.Http, id);
        var (viewed, moving) = (new ViewedSeats(), new ViewedSeats());
        viewed.Apply(await stream.NextAsync());
        moving.Apply(await lost.NextAsync());
        (await Silos.User(doomed).BookSeatsAsync(id, "P-R1-1")).Is(201);
        await lost.FollowAsync(moving, seats => seats.Counts.Booked == 1);

        doomed.Kill();
        await doomed.WaitForExitAsync();
        (await Silos.User(survivor).BookSeatsAsync(id, "P-R1-2")).Is(201);

        await stream.FollowAsync(viewed, seats => seats.Counts.Booked == 2);
        Assert.Equal(1, viewed.Complete);
        await using var back = await EventStream.OpenAsync(survivor.Http, id, lost.LastId);
        moving.Apply(await back.NextAsync());
        Assert.Equal((2, "BB"), (moving.Counts.Booked, moving.States[..2]));
        Assert.Equal(viewed.States, moving.States);
    }

    [Fact]
    public async Task Streams_EndWithTheStop_AndDoNotHoldItUp()
    {
        var silo = await Silos.StartAsync(environment: ("SHUTDOWN_DRAIN_SECONDS", "4"));
        var id = await SmallHouse.CreateAsync(Silos.Admin(silo), rows: 2, seats: 2);
        await using var stream = await EventStream.OpenAsync(silo.Http, id);
        await stream.NextAsync();

        var began = Stopwatch.GetTimestamp();
        silo.Terminate();
        await Assert.ThrowsAsync<EndOfStreamException>(() => stream.NextAsync());

        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(2), "not at once");
        // It serves on, but a viewer is told to come back.
        await using var late = await EventStream.OpenAsync(silo.Http, id);
        await Assert.ThrowsAsync<EndOfStreamException>(() => late.NextAsync());
        Assert.Equal(0, await silo.WaitForExitAsync());
    }
}
