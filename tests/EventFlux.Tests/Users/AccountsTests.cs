using EventFlux.Contracts.Users;
using EventFlux.Grains.Storage;
using EventFlux.Tests.Fixtures;

namespace EventFlux.Tests.Users;

/// <summary>Accounts that have to exist, whoever sees to it and how often.</summary>
public sealed class AccountsTests(PostgresServer postgres) : IAsyncLifetime
{
    private static readonly RegisterUser Admin =
        new("admin@shop.example", "a long password", "First", "Admin", UserRole.Admin);

    private TestDatabase _database = null!;
    private UserCluster _cluster = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await postgres.CreateDatabaseAsync();
        _cluster = await UserCluster.StartAsync(_database);
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Ensure_ManyTimesAtOnceOnTwoClusters_CreatesOne()
    {
        await using var other = await UserCluster.StartAsync(_database);

        var created = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            n => (n % 2 == 0 ? _cluster : other).Accounts.EnsureAsync(Admin, Cancellation)));

        Assert.Equal(UserRole.Admin, Assert.Single(created, user => user is not null)!.Role);
        Assert.Null(await _cluster.Accounts.EnsureAsync(Admin, Cancellation));
        Assert.Equal(1, await _database.ScalarAsync<long>("SELECT count(*) FROM users"));
    }

    [Fact]
    public async Task Ensure_AddressOfAnOrdinaryUser_LeavesRoleAndPassword()
    {
        var user = (await _cluster.Accounts.RegisterAsync(
            Admin with { Role = UserRole.User, Password = "my own password" }, Cancellation)).User!;

        Assert.Null(await _cluster.Accounts.EnsureAsync(Admin with { Email = "ADMIN@shop.example" }, Cancellation));

        Assert.Equal(user, await _cluster.Service<UserQueries>().FindAsync(user.Id, Cancellation));
        Assert.Null(await _cluster.Accounts.SignInAsync(Admin.Email, Admin.Password, Cancellation));
        Assert.Equal(user, await _cluster.Accounts.SignInAsync(Admin.Email, "my own password", Cancellation));
    }

    [Theory]
    [InlineData("nobody", "a long password", "First")]
    [InlineData("admin@shop.example", "short", "First")]
    [InlineData("admin@shop.example", "a long password", "")]
    public async Task Ensure_WhatMayNotSignUp_IsRefusedWithoutRepeatingIt(string email, string password, string name)
    {
        var account = new RegisterUser(email, password, name, "Admin", UserRole.Admin);

        var fault = await Assert.ThrowsAsync<ArgumentException>(
            () => _cluster.Accounts.EnsureAsync(account, Cancellation));

        Assert.DoesNotContain(password, fault.Message, StringComparison.Ordinal);
        Assert.Equal(0, await _database.ScalarAsync<long>("SELECT count(*) FROM users"));
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("a\0b@shop.example")]
    [InlineData("nobody@shop.example")]
    public async Task SignIn_AddressOfNobody_IsNullAndLeavesNothing(string email)
    {
        Assert.Null(await _cluster.Accounts.SignInAsync(email, "a long password", Cancellation));

        Assert.Equal(0, await _database.ScalarAsync<long>("SELECT count(*) FROM orleans_storage"));
    }
}
