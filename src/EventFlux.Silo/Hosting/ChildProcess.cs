using System.ComponentModel;
using System.Diagnostics;

namespace EventFlux.Silo.Hosting;

/// <summary>What a finished command left behind.</summary>
internal sealed record ChildResult(int ExitCode, string Output);

/// <summary>Runs PostgreSQL's commands with a clean environment: neither our secrets nor the user's PG* settings
/// shall reach the server.</summary>
internal static class ChildProcess
{
    private static readonly string[] Inherited = ["PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TZ", "TMPDIR"];

    /// <param name="user">Whom to run as; null: as ourselves.</param>
    /// <param name="directory">Working directory; that user must be able to enter it.</param>
    /// <param name="command">The program and its arguments; no shell in between.</param>
    /// <param name="cancellationToken">Stops waiting and ends the command.</param>
    /// <exception cref="StartupException">The command can't be started.</exception>
    public static async Task<ChildResult> RunAsync(
        string? user, string directory, string[] command, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (user is not null)
            start.UserName = user;
        Clean(start.Environment);

        using var process = Start(start);
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new ChildResult(process.ExitCode, await output + await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception failure)
        {
            var user = start.UserName is { Length: > 0 } name ? $" as user {name}" : "";
            throw new StartupException(
                $"Can't run {start.FileName}{user} in {start.WorkingDirectory}: {Reason(failure)}. "
                + "Set EVENTFLUX_DATA_DIR to a folder that this user can enter, or DATABASE_URL to a server.");
        }
    }

    // EACCES and ENOENT; the exception's own text repeats the whole command.
    private static string Reason(Win32Exception failure) => failure.NativeErrorCode switch
    {
        13 => "permission denied",
        2 => "not found",
        var code => $"error {code}",
    };

    private static void Clean(IDictionary<string, string?> environment)
    {
        var kept = Inherited.Where(environment.ContainsKey).Select(name => (name, environment[name])).ToList();
        environment.Clear();
        foreach (var (name, value) in kept)
            environment[name] = value;
        environment["LC_ALL"] = "C";
    }
}
