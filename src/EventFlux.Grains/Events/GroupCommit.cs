using System.Diagnostics;
using EventFlux.Grains.Observability;

namespace EventFlux.Grains.Events;

/// <summary>
/// Makes an event's facts durable: those that are decided while one commit is on its way share the next. At most one
/// commit is under way, so commits build on each other in order.
/// </summary>
/// <remarks>
/// <para>Crash-only: when a commit fails, its callers and everyone behind it fail, and this object takes nothing more.
/// The memory is then ahead of the database, so its owner must go, and the next activation loads the truth.</para>
/// <para>Owned by one grain activation and called on its scheduler only.</para>
/// </remarks>
/// <param name="version">How many commits the event has had.</param>
/// <param name="seal">Makes the commit of the facts decided so far; called with no decision in between.</param>
/// <param name="write">Writes a commit; throws unless it is durable. Also gets how long the first of its callers had to
/// wait for those before.</param>
/// <param name="onFailure">Told once, when a commit has failed.</param>
internal sealed class GroupCommit(
    long version,
    Func<long, IReadOnlyList<EventFact>, EventCommit> seal,
    Func<EventCommit, TimeSpan, Task> write,
    Action<Exception> onFailure,
    TimeProvider time)
{
    private Batch _filling = new();
    private Batch? _writing;

    /// <summary>Where decisions put their facts.</summary>
    public List<EventFact> Facts => _filling.Facts;

    public bool HasFailed { get; private set; }

    /// <summary>Completes when all that was decided so far is durable; fails when that is not known.</summary>
    public Task CommitAsync()
    {
        var batch = _filling.Facts.Count > 0 ? _filling : _writing;
        if (batch == _filling)
        {
            _filling.JoinedAt ??= time.GetTimestamp();
            CommitTrace.Join(ref _filling.Callers);
        }

        if (_writing is null && batch is not null) _ = WriteAllAsync();
        return batch?.Durable ?? Task.CompletedTask;
    }

    private async Task WriteAllAsync()
    {
        while (_filling.Facts.Count > 0 && !HasFailed)
        {
            // From here to the write nothing is awaited: the state that is sealed is the one that these facts led to.
            _writing = _filling;
            _filling = new();
            var commit = seal(version, _writing.Facts);
            using var trace = CommitTrace.Start(_writing.Callers, commit.Facts.Count);
            try
            {
                await write(commit, _writing.JoinedAt is { } at ? time.GetElapsedTime(at) : TimeSpan.Zero);
                version++;
                _writing.Complete();
            }
            catch (Exception failure)
            {
                HasFailed = true;
                CommitTrace.Fail(trace, failure);
                _writing.Fail(failure);
                _filling.Fail(failure);
                onFailure(failure);
            }
        }

        _writing = null;
    }

    private sealed class Batch
    {
        /// <summary>Callers continue on the grain's scheduler after the next commit has been sent, not inside the
        /// loop.</summary>
        private readonly TaskCompletionSource _durable = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>The spans of who waits for it; null while nobody listens to traces.</summary>
        public List<Activity>? Callers;

        /// <summary>When the first of them came, as a timestamp.</summary>
        public long? JoinedAt;

        public List<EventFact> Facts { get; } = [];

        public Task Durable => _durable.Task;

        public void Complete() => _durable.SetResult();

        public void Fail(Exception failure)
        {
            _durable.SetException(failure);
            _ = _durable.Task.Exception; // Observed: a batch of timed facts has nobody who waits for it.
        }
    }
}
