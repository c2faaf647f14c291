using EventFlux.Grains.Users;

namespace EventFlux.Tests.Users;

/// <summary>Which new passwords are refused because anybody would guess them.</summary>
public sealed class GuessablePasswordsTests
{
    [Fact]
    public void Count_OfCommonPasswords_IsThatOfARealList() =>
        Assert.InRange(GuessablePasswords.Count, 10_000, 1_000_000);

    [Theory]
    [InlineData("password")]
    [InlineData("PassWord")]
    [InlineData("12345678")]
    [InlineData("qwertyuiop")]
    [InlineData("P@ssw0rd")]
    [InlineData("iloveyou2")]
    [InlineData("trustno1")]
    [InlineData("        ")]
    [InlineData("zzzzzzzzzzzz")]
    public void FaultOf_WhatManyPeopleHave_IsTold(string password) =>
        Assert.NotNull(AccountRules.FaultOfNewPassword(password, "ada@shop.example"));

    [Theory]
    [InlineData("ada.moss@shop.example")]
    [InlineData("ADA.MOSS@shop.example")]
    [InlineData("Ada.Moss")]
    [InlineData("ada.moss2026!")]
    [InlineData("1-ada.moss-1")]
    [InlineData("EventFlux")]
    [InlineData("eventflux1")]
    [InlineData("!!EventFlux2030")]
    public void FaultOf_WhatStandsInTheAccount_IsTold(string password) =>
        Assert.NotNull(AccountRules.FaultOfNewPassword(password, "ada.moss@shop.example"));

    [Theory]
    [InlineData("correct horse", "ada@shop.example")]
    [InlineData("battery staple", "ada@shop.example")]
    [InlineData("password of ada's cat", "ada@shop.example")]
    [InlineData("a-7381-2290-1b", "a@shop.example")]
    [InlineData("my eventflux account", "ada@shop.example")]
    [InlineData("naïve café", null)]
    public void FaultOf_Another_IsNone(string password, string? email) =>
        Assert.Null(AccountRules.FaultOfNewPassword(password, email));

    [Theory]
    [InlineData("short")]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1234\05678")]
    public void FaultOf_WhatNoPasswordMayBe_IsToldFirst(string? password) =>
        Assert.Equal(
            AccountRules.FaultOfPassword(password), AccountRules.FaultOfNewPassword(password, "ada@shop.example"));
}
