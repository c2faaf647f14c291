namespace EventFlux.Tests.Api;

/// <summary>For what happens by itself: asks again until it has, and fails when it never does.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>The first answer that is as wanted.</summary>
    public static async Task<T> ForAsync<T>(Func<Task<T>> ask, Func<T, bool> isWanted)
    {
        var end = TimeProvider.System.GetUtcNow() + Patience;
        while (true)
        {
            var answer = await ask();
            if (isWanted(answer)) return answer;
            Assert.True(TimeProvider.System.GetUtcNow() < end, $"waited in vain; last: {answer}");
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }
}
