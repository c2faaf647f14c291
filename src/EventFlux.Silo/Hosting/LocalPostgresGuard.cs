namespace EventFlux.Silo.Hosting;

/// <summary>
/// A waiting process that outlives the silos: it blocks on the lock that they share, and once the last one is gone it
/// stops the server. In a session of its own, so that neither Ctrl-C nor a closed terminal reaches it, and with no
/// hold on our output, so that a pipe behind the silo ends with the silo. Where the two commands that it is made of
/// don't exist, only a clean exit stops the server.
/// </summary>
internal static class LocalPostgresGuard
{
    private const string Detach = """exec </dev/null >/dev/null 2>&1; setsid flock --exclusive "$@" &""";

    // The folder belongs to the user under whom this runs (see LocalPostgresOptions.Ephemeral).
    private const string StopAndDelete = """folder=$1; shift; "$@"; cd / && rm -rf "$folder" """;

    public static async Task SpawnAsync(
        LocalPostgresOptions options,
        PostgresProcess server,
        string shareLock,
        CancellationToken cancellationToken)
    {
        if (!IsInstalled("setsid") || !IsInstalled("flock"))
            return;
        string[] stop = options.Ephemeral
            ? ["sh", "-c", StopAndDelete, "sh", options.Directory, .. server.StopCommand]
            : server.StopCommand;
        await ChildProcess.RunAsync(
            server.Data.SystemUser, options.Directory, ["sh", "-c", Detach, "sh", shareLock, .. stop],
            cancellationToken);
    }

    /// <summary>The command, holding the silos' lock while it runs: a silo that is killed in the middle of it doesn't
    /// set the guard off before there is a server to stop.</summary>
    public static string[] UnderLock(string shareLock, string[] command) =>
        IsInstalled("flock") ? ["flock", "--shared", "--close", shareLock, .. command] : command;

    private static bool IsInstalled(string command) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, command)));
}
