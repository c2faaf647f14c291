using System.Diagnostics;

namespace EventFlux.Tests.Fixtures;

/// <summary>Waits for what real processes do in their own time: a condition with a deadline, never a fixed
/// sleep.</summary>
public static class Wait
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <exception cref="InvalidOperationException">The condition did not hold by the deadline.</exception>
    public static async Task UntilAsync(Func<Task<bool>> condition, TimeSpan deadline, Func<string> complaint)
    {
        for (var waited = Stopwatch.StartNew(); !await condition(); await Task.Delay(Interval))
            if (waited.Elapsed > deadline)
                throw new InvalidOperationException(complaint());
    }

    /// <inheritdoc cref="UntilAsync(Func{Task{bool}}, TimeSpan, Func{string})"/>
    public static Task UntilAsync(Func<bool> condition, TimeSpan deadline, Func<string> complaint) =>
        UntilAsync(() => Task.FromResult(condition()), deadline, complaint);
}
