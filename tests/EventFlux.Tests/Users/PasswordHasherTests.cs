using System.Diagnostics;
using EventFlux.Contracts.Faults;
using EventFlux.Grains.Users;

namespace EventFlux.Tests.Users;

/// <summary>What may be hashed, how many at once, and what waits.</summary>
public sealed class PasswordHasherTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Verify_PasswordOfMaximalLength_CountsEveryByte()
    {
        using var hasher = new PasswordHasher(new() { WorkFactor = 4 });
        var password = new string('é', 35) + "ab";
        var hash = await hasher.HashAsync(password, Cancellation);

        Assert.True(await hasher.VerifyAsync(password, hash, Cancellation));
        Assert.False(await hasher.VerifyAsync(password[..^1] + "c", hash, Cancellation));
        Assert.False(await hasher.VerifyAsync(password + "d", hash, Cancellation));
    }

    [Fact]
    public async Task Verify_PasswordRepeatedAfterNul_IsAnotherPassword()
    {
        using var hasher = new PasswordHasher(new() { WorkFactor = 4 });
        var hash = await hasher.HashAsync("password", Cancellation);

        Assert.False(await hasher.VerifyAsync("password\0password", hash, Cancellation));
    }

    [Fact]
    public async Task Verify_WithoutHash_IsFalse()
    {
        using var hasher = new PasswordHasher(new() { WorkFactor = 4 });

        Assert.False(await hasher.VerifyAsync("password", null, Cancellation));
    }

    [Fact]
    public async Task Verify_WithoutHash_TakesAsLongAsAWrongPassword()
    {
        using var hasher = new PasswordHasher(new() { WorkFactor = 9 });
        var hash = await hasher.HashAsync("password", Cancellation);
        var (wrong, unknown) = (new List<double>(), new List<double>());
        // In turn, so that whatever else the machine does meets both alike.
        for (var i = 0; i < 15; i++)
        {
            wrong.Add(await TimeAsync(() => hasher.VerifyAsync("passw0rd", hash, Cancellation)));
            unknown.Add(await TimeAsync(() => hasher.VerifyAsync("passw0rd", null, Cancellation)));
        }

        Assert.InRange(unknown.Order().ElementAt(7) / wrong.Order().ElementAt(7), 0.6, 1.6);
    }

    [Fact]
    public async Task Verify_WrongPasswordOfACheapHash_TakesAsLongAsWithoutHash()
    {
        using var cheap = new PasswordHasher(new() { WorkFactor = 7 });
        using var hasher = new PasswordHasher(new() { WorkFactor = 9 });
        var hash = await cheap.HashAsync("password", Cancellation);
        var (wrong, unknown) = (new List<double>(), new List<double>());
        for (var i = 0; i < 15; i++)
        {
            wrong.Add(await TimeAsync(() => hasher.VerifyAsync("passw0rd", hash, Cancellation)));
            unknown.Add(await TimeAsync(() => hasher.VerifyAsync("passw0rd", null, Cancellation)));
        }

        Assert.True(hasher.IsCheap(hash));
        Assert.True(await hasher.VerifyAsync("password", hash, Cancellation));
        Assert.InRange(unknown.Order().ElementAt(7) / wrong.Order().ElementAt(7), 0.6, 1.6);
    }

    [Fact]
    public async Task Hash_PastTheQueuesEnd_IsRefusedAtOnce()
    {
        using var hasher = new PasswordHasher(new() { WorkFactor = 12, Parallelism = 1, QueueLimit = 2 });

        var hashes = Enumerable.Range(0, 10).Select(_ => hasher.HashAsync("password", Cancellation)).ToList();

        // One under way at most, two that wait: the rest has its answer already.
        var refused = hashes.Where(hash => hash.IsFaulted).ToList();
        Assert.InRange(refused.Count, 7, 8);
        foreach (var hash in refused) await Assert.ThrowsAsync<ServiceUnavailableException>(() => hash);
        foreach (var hash in hashes.Except(refused)) Assert.StartsWith("$2", await hash, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hash_OfCallersWhoHaveGone_IsNotComputed()
    {
        using var hasher = new PasswordHasher(new() { WorkFactor = 12, Parallelism = 1, QueueLimit = 101 });
        using var gone = new CancellationTokenSource();
        var first = hasher.HashAsync("password", Cancellation);
        var rest = Enumerable.Range(0, 100).Select(_ => hasher.HashAsync("password", gone.Token)).ToList();

        await gone.CancelAsync();

        await first;
        foreach (var hash in rest.Skip(1)) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hash);
    }

    private static async Task<double> TimeAsync(Func<Task> run)
    {
        var started = Stopwatch.GetTimestamp();
        await run();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }
}
