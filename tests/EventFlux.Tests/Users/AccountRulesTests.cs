using EventFlux.Grains.Users;

namespace EventFlux.Tests.Users;

public sealed class AccountRulesTests
{
    [Theory]
    [InlineData("ada@example.com")]
    [InlineData("a@b.co")]
    [InlineData("first.last+tag@sub.example-shop.com")]
    [InlineData("o'brien@example.ie")]
    [InlineData("user@xn--bcher-kva.example")]
    public void FaultOfEmail_Address_IsNone(string email) => Assert.Null(AccountRules.FaultOfEmail(email));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ada")]
    [InlineData("@example.com")]
    [InlineData("ada@")]
    [InlineData("ada@example")]
    [InlineData("ada@@example.com")]
    [InlineData("ada@b@example.com")]
    [InlineData(".ada@example.com")]
    [InlineData("ada.@example.com")]
    [InlineData("a..da@example.com")]
    [InlineData("ada@.example.com")]
    [InlineData("ada@example..com")]
    [InlineData("ada@-example.com")]
    [InlineData("ada@example.com ")]
    [InlineData("ada @example.com")]
    [InlineData("ada@exa\0mple.com")]
    [InlineData("ada@example.com\r\nBcc: eve@example.com")]
    [InlineData("<script>@example.com")]
    [InlineData("аda@example.com")]
    public void FaultOfEmail_SomethingElse_IsTold(string? email) => Assert.NotNull(AccountRules.FaultOfEmail(email));

    [Fact]
    public void FaultOfEmail_Lengths_EndAtTheLimits()
    {
        var domain = string.Join('.', Enumerable.Repeat(new string('d', 62), 3)) + ".co";
        Assert.Null(AccountRules.FaultOfEmail(new string('a', 62) + "@" + domain));
        Assert.NotNull(AccountRules.FaultOfEmail(new string('a', 63) + "@" + domain + ".co"));
        Assert.NotNull(AccountRules.FaultOfEmail(new string('a', 65) + "@example.com"));
        Assert.NotNull(AccountRules.FaultOfEmail("a@" + new string('d', 64) + ".com"));
    }

    [Theory]
    [InlineData("A")]
    [InlineData("Jean-Luc O'Neill")]
    [InlineData("名前")]
    [InlineData("می‌خواهم")]
    public void FaultOfName_Name_IsNone(string name) => Assert.Null(AccountRules.FaultOfName(name));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("a\u2028b")]
    [InlineData("a\u202Eb")]
    [InlineData("a\u0085b")]
    public void FaultOfName_SomethingElse_IsTold(string? name) => Assert.NotNull(AccountRules.FaultOfName(name));

    [Fact]
    public void FaultOfName_LoneSurrogate_IsTold() => Assert.NotNull(AccountRules.FaultOfName("a\uD83Db"));

    [Fact]
    public void FaultOfName_CountsCharactersNotUnits()
    {
        Assert.Null(AccountRules.FaultOfName(string.Concat(Enumerable.Repeat("😀", 100))));
        Assert.NotNull(AccountRules.FaultOfName(new string('a', 101)));
    }

    [Theory]
    [InlineData("12345678", true)]
    [InlineData("1234567", false)]
    [InlineData("éééé", true)]
    [InlineData("        ", true)]
    [InlineData("1234\05678", false)]
    [InlineData(null, false)]
    public void FaultOfPassword_CountsBytes(string? password, bool valid) =>
        Assert.Equal(valid, AccountRules.FaultOfPassword(password) is null);

    [Fact]
    public void FaultOfPassword_LongerThanBCryptReads_IsTold()
    {
        Assert.Null(AccountRules.FaultOfPassword(new string('a', 72)));
        Assert.NotNull(AccountRules.FaultOfPassword(new string('a', 73)));
        Assert.NotNull(AccountRules.FaultOfPassword(new string('é', 37)));
    }
}
