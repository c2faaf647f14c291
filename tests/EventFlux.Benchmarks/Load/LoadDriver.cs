using System.Diagnostics;
using System.Text;

namespace EventFlux.Benchmarks.Load;

/// <summary>One request of a load.</summary>
/// <param name="Caller">Null for an anonymous one.</param>
internal readonly record struct Call(RequestForm Form, Caller? Caller = null);

/// <summary>Says whether an answer is what it must be.</summary>
/// <param name="number">The call's, from 0.</param>
internal delegate bool Judge(int number, Call call, HttpAnswer answer);

/// <summary>
/// HTTP/1.1 over kept-alive connections, each of which asks again when it was answered. Any answer that its judge
/// doesn't accept ends the run.
/// </summary>
internal sealed class LoadDriver : IDisposable
{
    private readonly LoadConnection[] _connections;
    private readonly ProcessorClock _processors;

    private LoadDriver(LoadConnection[] connections, ProcessorClock processors) =>
        (_connections, _processors) = (connections, processors);

    /// <param name="ports">Of the silos; they share the connections evenly.</param>
    public static async Task<LoadDriver> ConnectAsync(
        IReadOnlyList<int> ports, int connections, ProcessorClock processors)
    {
        var open = new LoadConnection[connections];
        for (var i = 0; i < connections; i++) open[i] = await LoadConnection.OpenAsync(ports[i % ports.Count]);
        return new(open, processors);
    }

    /// <param name="next">The call of that number, from 0; null when there is none.</param>
    /// <param name="duration">Null: until there are no more calls.</param>
    /// <param name="pause">How long from now on a call is to be sent; at once where it is not given.</param>
    public Task<Round> RunAsync(
        Func<int, Call?> next, Judge judge, TimeSpan? duration = null, Func<int, TimeSpan>? pause = null)
    {
        var last = -1;
        return ClosedLoop.RunAsync(
            _connections.Length, _processors,
            async worker =>
            {
                var number = Interlocked.Increment(ref last);
                if (next(number) is not { } call) return null;
                if (pause?.Invoke(number) is { TotalMilliseconds: >= 1 } left) await Task.Delay(left);
                var began = Stopwatch.GetTimestamp();
                var answer = await _connections[worker].AskAsync(call.Form, call.Caller?.Token);
                if (!judge(number, call, answer))
                    throw new InvalidOperationException(
                        $"Answered {answer.Status}: {Encoding.UTF8.GetString(answer.Body.Span)}");
                return began;
            },
            duration);
    }

    public void Dispose()
    {
        foreach (var connection in _connections) connection.Dispose();
    }
}
