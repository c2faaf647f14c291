using EventFlux.Grains.Seats;

namespace EventFlux.Tests.Seats;

/// <summary>What best available chooses, in drawings that <see cref="DrawnHouse"/> explains.</summary>
public sealed class BestAvailableTests
{
    [Fact]
    public void EmptyHouse_TheMiddleOfTheFirstRow() =>
        AssertChosen(new(3), [".......", "......."], ["..***..", "......."]);

    [Fact]
    public void EquallyNear_TheLowestIndex() => AssertChosen(new(1), ["......"], ["..*..."]);

    [Fact]
    public void PlaceThatLeavesOneAlone_AnotherIsTaken() =>
        AssertChosen(new(2), ["...", "xxxxxx", "......"], ["...", "xxxxxx", "..**.."]);

    [Fact]
    public void EveryPlaceLeavesOneAlone_TheNearestIsTaken() =>
        AssertChosen(new(2), ["...xx", "...xx"], [".**xx", "...xx"]);

    [Fact]
    public void FreeWheelchairPlaceBeside_IsCompany() =>
        AssertChosen(new(2), ["...w", "xxxx"], ["**.w", "xxxx"]);

    [Fact]
    public void SeatThatWasAloneBefore_DoesNotCount() =>
        AssertChosen(new(2), ["x.x..", "....."], ["x.x**", "....."]);

    [Fact]
    public void AisleBetween_IsNotSideBySide() =>
        AssertChosen(new(3), [".. ..", "x...x"], [".. ..", "x***x"]);

    [Fact]
    public void NobodyInAWheelchair_NoPlaceForOne_NorForACompanion() =>
        AssertChosen(new(2), ["..wc", "xxxx"], ["**wc", "xxxx"]);

    [Fact]
    public void OnlySuchPlacesLeft_Nothing() => AssertChosen(new(1), ["xwcx"], ["nothing"]);

    [Fact]
    public void OneInAWheelchair_ExactlyOneSuchPlace() =>
        AssertChosen(new(2, Wheelchairs: 1), ["........", "..wwc..."], ["........", "..w**..."]);

    [Fact]
    public void EquallyNear_TheCompanionsPlaceBeforeAnother() =>
        AssertChosen(new(2, Wheelchairs: 1), ["..wc."], ["..**."]);

    [Fact]
    public void TwoInWheelchairs_SplitWhenTheyMust() =>
        AssertChosen(new(3, Wheelchairs: 2), ["xwx..", "cwxxx"], ["x*x..", "**xxx"]);

    [Fact]
    public void OneInAWheelchair_CompanionBesideBeforeOthersBesideEachOther() =>
        AssertChosen(new(3, Wheelchairs: 1), ["xxx..xxwcx"], ["xxx.*xx**x"]);

    [Fact]
    public void OneInAWheelchair_OthersAsNearAsCanBe() =>
        AssertChosen(new(2, Wheelchairs: 1), ["xxx.xxxx.xw"], ["xxx.xxxx*x*"]);

    [Fact]
    public void WheelchairsTogether_NothingWhenApart() =>
        AssertChosen(new(2, Wheelchairs: 2, Together: true), ["w.w"], ["nothing"]);

    [Fact]
    public void MoreWheelchairsThanPlaces_Nothing() => AssertChosen(new(2, Wheelchairs: 2), ["w....c"], ["nothing"]);

    [Fact]
    public void SideBySideFarAway_BeforeSplitAndNear() =>
        AssertChosen(new(3), ["..x..", "..x..", "x...x"], ["..x..", "..x..", "x***x"]);

    [Fact]
    public void NowhereSideBySide_AsFewPartsAsCanBe_NobodyAlone() =>
        AssertChosen(new(4), ["x..x.", ".xx.x", "x...x"], ["x**x.", ".xx.x", "x**.x"]);

    [Fact]
    public void NowhereSideBySide_PartsNearEachOther() =>
        AssertChosen(new(4), ["..xxxxxx..", "..xxxxxxxx"], ["**xxxxxx..", "**xxxxxxxx"]);

    [Fact]
    public void NowhereSideBySide_PartsThatLeaveNobodyAlone() =>
        AssertChosen(new(5), ["...x...", "xxxxxxx", "..xxxxx"], ["***x...", "xxxxxxx", "**xxxxx"]);

    [Fact]
    public void NowhereSideBySide_TooMuchRoom_TwoSeatsStayOfEach() =>
        AssertChosen(new(6), [".....x....."], ["..***x***.."]);

    [Fact]
    public void NowhereSideBySide_OneSeatStaysWhereItHasCompany() =>
        AssertChosen(new(5), ["...x...w"], ["***x**.w"]);

    [Fact]
    public void NowhereSideBySide_TogetherWished_Nothing() =>
        AssertChosen(new(3, Together: true), ["..x.."], ["nothing"]);

    [Fact]
    public void FewerSeatsThanWished_Nothing() => AssertChosen(new(5), ["..x.."], ["nothing"]);

    [Fact]
    public void MaxPrice_NothingDearer() =>
        AssertChosen(
            new(2, MaxPrice: 20m), ["= 30", "......", "= 20", "......"], ["= 30", "......", "= 20", "..**.."]);

    [Fact]
    public void Sections_NoOther() =>
        AssertChosen(
            new(2, Sections: [1]), ["= 30", "......", "= 20", "......"], ["= 30", "......", "= 20", "..**.."]);

    [Fact]
    public void NoSeatWished_IsAMistake() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => BestAvailable.Choose(DrawnHouse.Of("..."), new(0)));

    private static void AssertChosen(SeatWish wish, string[] house, string[] expected) =>
        Assert.Equal(expected, DrawnHouse.Choice(wish, house));
}
