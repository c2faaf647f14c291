using EventFlux.Tests.Api;
using EventFlux.Tests.Fixtures;

namespace EventFlux.Tests.Faults;

/// <summary>Three silos, one limit. The general one is 100 a day, so that only midnight could part a test.</summary>
[Collection(typeof(Alone))]
public sealed class RateLimitClusterTests(PostgresServer server, ITestOutputHelper output) : SiloGroupTest(server)
{
    private const int Asked = 300;

    private int _addresses;

    [Fact]
    public async Task Limits_OverThreeSilos_HoldOnce()
    {
        var silos = await StartAsync(("TRUSTED_PROXIES", "127.0.0.1"));

        var (address, pinned) = (NewAddress(), NewAddress());
        Assert.InRange(await AllowedAsync("over three silos", silos, Asked, _ => address), 90, 110);
        Assert.InRange(await AllowedAsync("pinned to one silo", [silos[1]], Asked, _ => pinned), 90, 110);
        Assert.Equal(5, await WithinOneMinuteAsync(() => AllowedBookingsAsync(silos, Guid.NewGuid(), asked: 20)));
    }

    [Fact]
    public async Task Limits_WithASiloKilledInTheMiddle_StillHold()
    {
        var silos = await StartAsync();
        var allowed = await AllowedAsync("before a silo is killed", silos, Asked / 2, _ => NewAddress());

        silos[1].Kill();
        await silos[1].WaitForExitAsync();
        allowed += await AllowedAsync("after it was killed", [silos[0], silos[2]], Asked / 2, _ => NewAddress());

        // No proxy is trusted: all of these come from one address, whatever they say.
        Assert.InRange(allowed, 90, 110);
    }

    private async Task<SiloProcess[]> StartAsync(params (string, string)[] environment)
    {
        (string, string)[] limits =
        [
            ("RATE_LIMIT_ENABLED", "true"), ("RATE_LIMIT_WINDOW_MS", "86400000"),
            // What images set for ASP.NET in general trusts nobody here.
            ("ASPNETCORE_FORWARDEDHEADERS_ENABLED", "true"), .. environment,
        ];
        var first = await Silos.StartAsync(environment: limits);
        return [first, .. await Task.WhenAll(
            Silos.StartAsync(environment: limits), Silos.StartAsync(environment: limits))];
    }

    private async Task<int> AllowedAsync(string what, SiloProcess[] silos, int asked, Func<int, string> address)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, asked).Select(number =>
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "/api/events");
            request.Headers.Add("X-Forwarded-For", address(number));
            return new ApiCaller(silos[number % silos.Length].Http, Guid.Empty, null).SendAsync(request);
        }));
        Assert.All(answers, answer => Assert.True(answer.Status is 200 or 429, $"{answer}"));
        return Report(what, answers.Count(answer => answer.Status == 200), asked);
    }

    private async Task<int> AllowedBookingsAsync(SiloProcess[] silos, Guid user, int asked)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, asked).Select(number =>
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "/api/bookings")
            {
                Content = new StringContent("{}", null, "application/json"),
            };
            request.Headers.Add("X-Forwarded-For", NewAddress());
            return Silos.User(silos[number % silos.Length], user).SendAsync(request);
        }));
        Assert.All(answers, answer => Assert.True(answer.Status is 400 or 429, $"{answer}"));
        return Report("bookings of a user", answers.Count(answer => answer.Status == 400), asked);
    }

    private int Report(string what, int allowed, int asked)
    {
        output.WriteLine($"{what}: {allowed} allowed / {asked} asked");
        return allowed;
    }

    private string NewAddress()
    {
        var number = Interlocked.Increment(ref _addresses);
        return $"203.0.{number / 256}.{number % 256}";
    }

    /// <summary>Bookings are counted by the minute.</summary>
    private static async Task<T> WithinOneMinuteAsync<T>(Func<Task<T>> act)
    {
        while (true)
        {
            var minute = Minute();
            var result = await act();
            if (Minute() == minute) return result;
        }

        static long Minute() => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 60;
    }
}
