using EventFlux.Contracts.Seats;
using EventFlux.Silo.AdminConsole.Seats;

namespace EventFlux.Tests.AdminConsole;

/// <summary>What an open page makes of news about seats.</summary>
public sealed class SeatHouseTests
{
    [Fact]
    public void Changes_TouchTheirRowsAlone()
    {
        var house = House(version: 7);

        house.Apply(Changed(since: 7, version: 8, new(4, SeatState.Booked), new(5, SeatState.Held)));

        Assert.Equal([0, 2], house.Sections[0].Rows.Select(row => row.Stamp));
        Assert.Equal((SeatState.Booked, SeatState.Held), (house.StateOf(4), house.StateOf(5)));
        Assert.Equal((4, 1, 1), (
            house.CountOf(SeatState.Available), house.CountOf(SeatState.Held), house.CountOf(SeatState.Booked)));
        Assert.Equal((8, "A-2-3, 20.00 USD, held"), (house.Version, house.Describe(5, "USD")));
    }

    [Fact]
    public void News_ThatAreOlder_OrBuildOnWhatIsNotHere_AreLeft()
    {
        var house = House(version: 7);

        house.Apply(Changed(since: 5, version: 7, new SeatChange(0, SeatState.Booked)));
        house.Apply(Changed(since: 8, version: 9, new SeatChange(0, SeatState.Booked)));

        Assert.Equal((7, SeatState.Available), (house.Version, house.StateOf(0)));
    }

    [Fact]
    public void CompleteNews_ReplaceEverything()
    {
        var house = House(version: 7);

        house.Apply(Complete(12, 0, 0, 0, 3, 0, 2));

        Assert.Equal([0, 2], house.Sections[0].Rows.Select(row => row.Stamp));
        Assert.Equal((12, 4, SeatState.Blocked), (
            house.Version, house.CountOf(SeatState.Available), house.StateOf(3)));
    }

    [Fact]
    public void Row_IsMarkedWhole_AndNoLongerOnceAllOfItIs()
    {
        var house = House(version: 7);
        house.Pick(1);

        house.Pick(house.Sections[0].Rows[0]);
        Assert.Equal(["A-1-1", "A-1-2", "A-1-3"], house.Picked);
        house.Pick(house.Sections[0].Rows[0]);

        Assert.Empty(house.Picked);
        Assert.Equal(0, house.PickedCount);
    }

    [Fact]
    public void Drawing_PutsNeighboursTenApart_WhateverTheUnitsAre()
    {
        var places = House(version: 1, unit: 0.037).Sections[0].Rows[1].Places;

        Assert.Equal(10, places[1].X - places[0].X, precision: 6);
    }

    private static SeatHouse House(long version, double unit = 1)
    {
        SeatRow Row(int row) => new($"{row}", [.. Enumerable.Range(1, 3).Select(seat =>
            new PlannedSeat($"{seat}", new(seat * unit, row * 1.5 * unit), SeatKind.Standard))]);
        var plan = new SeatPlan(default, [new("A", "Stalls", 20m, [Row(1), Row(2)])]);
        return new(new(3, plan), Complete(version, 0, 0, 0, 0, 0, 0));
    }

    private static AvailabilityNews Complete(long version, params byte[] states) =>
        new(version, -1, PlanVersion: 3, default, [.. states], []);

    private static AvailabilityNews Changed(long since, long version, params SeatChange[] changes) =>
        new(version, since, PlanVersion: 3, default, default, [.. changes]);
}
