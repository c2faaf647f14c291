using System.Net;
using EventFlux.Silo.RateLimiting;

namespace EventFlux.Tests.RateLimiting;

public sealed class RateLimitKeysTests
{
    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7", true)]
    [InlineData("192.0.2.7", "::ffff:192.0.2.7", true)]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("::1", "0.0.0.1", false)]
    public void OfAddress_IsOneForAWholeHousehold(string one, string other, bool isSame) =>
        Assert.Equal(
            isSame,
            RateLimitKeys.OfAddress(IPAddress.Parse(one)) == RateLimitKeys.OfAddress(IPAddress.Parse(other)));

    [Fact]
    public void OfUser_IsTheSameOnEverySilo() =>
        Assert.Equal(new(0x4444333322221111, 0x7766554433221188), RateLimitKeys.OfUser(
            new Guid("22221111-3333-4444-8811-223344556677")));
}
