using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using EventFlux.Contracts.Faults;

namespace EventFlux.Grains.Users;

/// <summary>
/// BCrypt on threads of its own, never on the caller's: a hash keeps a core busy for some 100 ms, and on the thread
/// pool that would hold up grains and requests alike. Parallelism and queue are bounded; beyond the bound a caller is
/// refused at once. Safe for concurrent use.
/// </summary>
public sealed class PasswordHasher : IDisposable
{
    /// <summary>BCrypt ignores everything past this many bytes, so a longer password is refused, not cut.</summary>
    public const int MaxPasswordBytes = 72;

    private readonly int _workFactor;
    private readonly BlockingCollection<Job> _queue;
    private readonly Thread[] _threads;

    public PasswordHasher(PasswordHashingOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Parallelism, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.QueueLimit, 1);
        _workFactor = options.WorkFactor;
        _queue = new(options.QueueLimit);
        _threads = new Thread[options.Parallelism];
        for (var i = 0; i < _threads.Length; i++)
        {
            _threads[i] = new(Work) { IsBackground = true, Name = $"password-{i}" };
            _threads[i].Start();
        }
    }

    /// <summary>A salted hash of the password.</summary>
    /// <exception cref="ServiceUnavailableException">Too many are waiting already.</exception>
    public async Task<string> HashAsync(string password, CancellationToken cancellationToken = default) =>
        (string)await EnqueueAsync(() => BCrypt.Net.BCrypt.HashPassword(password, _workFactor), cancellationToken);

    /// <summary>Whether the hash was made at a lower cost than today's.</summary>
    public bool IsCheap(string hash) => BCrypt.Net.BCrypt.PasswordNeedsRehash(hash, _workFactor);

    /// <summary>Whether the password belongs to the hash. Without a hash: false, after the same time; and a cheap hash
    /// says false no sooner.</summary>
    /// <exception cref="ServiceUnavailableException">Too many are waiting already.</exception>
    public async Task<bool> VerifyAsync(string password, string? hash, CancellationToken cancellationToken = default)
    {
        // BCrypt reads these as another password: cut after its last byte, or as if it ended at the NUL.
        if (Encoding.UTF8.GetByteCount(password) > MaxPasswordBytes) hash = null;
        if (password.Contains('\0', StringComparison.Ordinal)) hash = null;
        return (bool)await EnqueueAsync(() => Verify(password, hash), cancellationToken);
    }

    /// <summary>Ends the threads after the hashes that wait already.</summary>
    public void Dispose()
    {
        _queue.CompleteAdding();
        foreach (var thread in _threads) thread.Join();
        _queue.Dispose();
    }

    private bool Verify(string password, string? hash)
    {
        if (BCrypt.Net.BCrypt.Verify(password, hash ?? NobodysHash(_workFactor))) return hash is not null;
        if (hash is null) return false;
        // An account from before the cost was raised must not be told from an unknown one by its quick answer. The
        // costs double: from the hash's own up to the last but one they add up to what is missing.
        for (var cost = CostOf(hash); cost < _workFactor; cost++) BCrypt.Net.BCrypt.Verify(password, NobodysHash(cost));
        return false;
    }

    private static int CostOf(string hash) =>
        int.Parse(BCrypt.Net.BCrypt.InterrogateHash(hash).WorkFactor, CultureInfo.InvariantCulture);

    /// <summary>A salt and 31 characters in the place of the digest: comparing with it costs what any comparison
    /// costs.</summary>
    private static string NobodysHash(int cost) => BCrypt.Net.BCrypt.GenerateSalt(cost) + new string('.', 31);

    private Task<object> EnqueueAsync(Func<object> compute, CancellationToken cancellationToken)
    {
        var job = new Job(compute, cancellationToken);
        if (_queue.IsAddingCompleted || !_queue.TryAdd(job, 0, CancellationToken.None))
            throw new ServiceUnavailableException("Too many passwords are being checked.");
        return job.Done.Task;
    }

    private void Work()
    {
        foreach (var job in _queue.GetConsumingEnumerable()) job.Run();
    }

    private sealed record Job(Func<object> Compute, CancellationToken CancellationToken)
    {
        // Continuations run elsewhere: these threads hash and do nothing else.
        public TaskCompletionSource<object> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Run()
        {
            // Whoever has gone needs no answer.
            if (CancellationToken.IsCancellationRequested)
            {
                Done.TrySetCanceled(CancellationToken);
                return;
            }

            try
            {
                Done.TrySetResult(Compute());
            }
            catch (Exception exception)
            {
                Done.TrySetException(exception);
            }
        }
    }
}
