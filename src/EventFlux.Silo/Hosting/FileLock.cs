using System.Diagnostics;

namespace EventFlux.Silo.Hosting;

/// <summary>
/// An advisory lock on a file, held until disposed or until the process ends in whatever way (the kernel lets go).
/// .NET maps <see cref="FileShare"/> to flock(2), so the <c>flock</c> command and other silos see the same lock.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);
    private readonly FileStream _stream;

    private FileLock(FileStream stream) => _stream = stream;

    /// <summary>Null when another holder is in the way.</summary>
    public static FileLock? TryShared(string path) => Try(path, FileAccess.Read, FileShare.Read);

    /// <inheritdoc cref="TryShared"/>
    public static FileLock? TryExclusive(string path) => Try(path, FileAccess.ReadWrite, FileShare.None);

    /// <summary>Waits until <paramref name="attempt"/> succeeds.</summary>
    /// <exception cref="StartupException">Not within <paramref name="timeout"/>.</exception>
    public static async Task<FileLock> WaitAsync(
        Func<string, FileLock?> attempt, string path, TimeSpan timeout, CancellationToken cancellationToken)
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < timeout;)
        {
            if (attempt(path) is { } taken)
                return taken;
            await Task.Delay(PollInterval, cancellationToken);
        }

        throw new StartupException(
            $"Another silo keeps {path} locked for more than {timeout.TotalSeconds:0} s. End it and start again.");
    }

    public void Dispose() => _stream.Dispose();

    private static FileLock? Try(string path, FileAccess access, FileShare share)
    {
        try
        {
            return new FileLock(new FileStream(path, FileMode.OpenOrCreate, access, share));
        }
        catch (IOException busy) when (busy.HResult is 11 or 35)
        {
            // EWOULDBLOCK on Linux and on macOS.
            return null;
        }
    }
}
