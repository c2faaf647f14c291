using EventFlux.Contracts.Faults;
using Orleans.Runtime.Messaging;

namespace EventFlux.Silo.Api;

/// <summary>
/// Calls grains through the seconds in which they move: a silo that leaves or dies takes the calls with it that it had
/// not answered. Such a call is sent again, to wherever the grain is by then, so that a release costs nobody a failed
/// request and a killed silo costs most callers only the wait.
/// </summary>
/// <remarks>Only what the cluster's moves do to a call is repeated. A database that is away, an event that has too much
/// to do, or a call that got no answer in all its time are told to the client at once.</remarks>
internal static class GrainCalls
{
    /// <summary>Longer than it takes to find out that a silo was killed. A frozen one takes longer; its callers are
    /// told to come back. See the failure detection's times.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(400);

    /// <param name="call">Must be safe to repeat. Sent again, it may find what it has done itself.</param>
    /// <param name="aborted">When the client has left, nothing is sent again: it may have asked anew meanwhile.</param>
    /// <returns>The grain's answer, and whether an earlier try of this call may have been carried out.</returns>
    public static async Task<(T Result, bool MayHaveActed)> CallAsync<T>(
        Func<Task<T>> call, TimeProvider time, CancellationToken aborted)
    {
        var begun = time.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause < LongestPause ? 2 * pause : pause)
        {
            try
            {
                return (await call(), pause != FirstPause);
            }
            catch (Exception fault) when (IsMove(fault) && time.GetElapsedTime(begun) < Patience)
            {
                await Task.Delay(pause, time, aborted);
            }
        }
    }

    /// <summary>Whether the call was lost because a silo came or went. The runtime has many words for that, some of
    /// them of no type but the common one: a silo that was given up and doesn't know yet still takes calls.</summary>
    private static bool IsMove(Exception fault) => fault
        is OrleansException or ConnectionFailedException or ServiceUnavailableException { HasMoved: true };
}
