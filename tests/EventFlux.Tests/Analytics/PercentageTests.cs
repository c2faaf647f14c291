using EventFlux.Grains.Storage;

namespace EventFlux.Tests.Analytics;

/// <summary>Shares and days: the small rules that all reports go by.</summary>
public sealed class PercentageTests
{
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(5, 0, 0)]
    [InlineData(1, 3, 33.33)]
    [InlineData(2, 3, 66.67)]
    [InlineData(1, 800, 0.13)]
    [InlineData(3, 2, 150)]
    public void Of_AnyWhole_IsTwoDecimals(int part, int whole, decimal expected) =>
        Assert.Equal(expected, Percentage.Of(part, whole));

    [Fact]
    public void Change_FromNothing_IsNone()
    {
        Assert.Null(Percentage.Change(0, 5));
        Assert.Equal(-25m, Percentage.Change(4, 3));
        Assert.Equal(50m, Percentage.Change(2, 3));
    }

    [Fact]
    public void LastDays_EndsWithToday_AndTheDaysBeforeAreAsMany()
    {
        var days = DayRange.LastDays(new(2028, 3, 1), 2);

        Assert.Equal([new(2028, 2, 29), new(2028, 3, 1)], days.Days);
        Assert.Equal(new DayRange(new(2028, 2, 27), new(2028, 2, 28)), days.Before);
        Assert.Equal(2, days.Count);
        Assert.Throws<ArgumentException>(() => new DayRange(new(2028, 3, 1), new(2028, 2, 29)));
    }
}
