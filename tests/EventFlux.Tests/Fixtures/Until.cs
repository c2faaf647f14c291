namespace EventFlux.Tests.Fixtures;

/// <summary>Waits for what another process or thread is about to do.</summary>
internal static class Until
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks again until the answer is yes; fails when that takes longer than <paramref name="patience"/>.</summary>
    public static async Task TrueAsync(
        Func<Task<bool>> condition, TimeSpan patience,
        [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(condition))] string? what = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < patience, $"Not within {patience}: {what}");
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }
}
