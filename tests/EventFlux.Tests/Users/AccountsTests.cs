using EventFlux.Contracts.Users;
using EventFlux.Grains.Storage;
using EventFlux.Grains.Users;
using EventFlux.Tests.Fixtures;

namespace EventFlux.Tests.Users;

/// <summary>Accounts that have to exist, whoever sees to it and how often.</summary>
public sealed class AccountsTests(PostgresServer postgres) : UserClusterTest(postgres)
{
    private static readonly RegisterUser Admin =
        new("admin@shop.example", "a long password", "First", "Admin", UserRole.Admin);

    private static readonly RequestOrigin Nowhere = new(null, null);

    [Fact]
    public async Task Ensure_ManyTimesAtOnceOnTwoClusters_CreatesOne()
    {
        await using var other = await UserCluster.StartAsync(Database);

        var created = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            n => (n % 2 == 0 ? Cluster : other).Accounts.EnsureAsync(Admin, Cancellation)));

        Assert.Equal(UserRole.Admin, Assert.Single(created, user => user is not null)!.Role);
        Assert.Null(await Cluster.Accounts.EnsureAsync(Admin, Cancellation));
        Assert.Equal(1, await Database.ScalarAsync<long>("SELECT count(*) FROM users"));
    }

    [Fact]
    public async Task Ensure_AddressOfAnOrdinaryUser_LeavesRoleAndPassword()
    {
        var user = (await Cluster.Accounts.RegisterAsync(
            Guid.NewGuid(), Admin with { Role = UserRole.User, Password = "my own password" }, Nowhere,
            Cancellation)).User!;

        Assert.Null(await Cluster.Accounts.EnsureAsync(Admin with { Email = "ADMIN@shop.example" }, Cancellation));

        Assert.Equal(user, await Cluster.Service<UserQueries>().FindAsync(user.Id, Cancellation));
        Assert.Null((await Cluster.Accounts.SignInAsync(Admin.Email, Admin.Password, Nowhere, Cancellation)).User);
        Assert.Equal(
            user, (await Cluster.Accounts.SignInAsync(Admin.Email, "my own password", Nowhere, Cancellation)).User);
    }

    [Theory]
    [InlineData("nobody", "a long password", "First")]
    [InlineData("admin@shop.example", "short", "First")]
    [InlineData("admin@shop.example", "a long password", "")]
    public async Task Ensure_WhatMayNotSignUp_IsRefusedWithoutRepeatingIt(string email, string password, string name)
    {
        var account = new RegisterUser(email, password, name, "Admin", UserRole.Admin);

        var fault = await Assert.ThrowsAsync<ArgumentException>(
            () => Cluster.Accounts.EnsureAsync(account, Cancellation));

        Assert.DoesNotContain(password, fault.Message, StringComparison.Ordinal);
        Assert.Equal(0, await Database.ScalarAsync<long>("SELECT count(*) FROM users"));
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("a\0b@shop.example")]
    [InlineData("nobody@shop.example")]
    public async Task SignIn_AddressOfNobody_IsWrongAndLeavesNothing(string email)
    {
        var result = await Cluster.Accounts.SignInAsync(email, "a long password", Nowhere, Cancellation);

        Assert.Equal(new(CredentialOutcome.Wrong), result);

        Assert.Equal(0, await Database.ScalarAsync<long>("SELECT count(*) FROM orleans_storage"));
    }
}
