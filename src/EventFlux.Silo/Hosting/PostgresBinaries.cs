namespace EventFlux.Silo.Hosting;

/// <summary>PostgreSQL's programs on this machine.</summary>
/// <param name="Directory">Holds <c>initdb</c>, <c>pg_ctl</c> and <c>postgres</c>.</param>
/// <param name="MajorVersion">Such as 15.</param>
internal sealed record PostgresBinaries(string Directory, int MajorVersion)
{
    // Older ones lack what the schema uses.
    private const int OldestMajorVersion = 14;

    // Where packages put versions side by side; {0} is a folder a version.
    private static readonly string[] VersionedRoots =
        ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt", "/home/linuxbrew/.linuxbrew/opt",
         "/Library/PostgreSQL", "/Applications/Postgres.app/Contents/Versions"];

    private static readonly string[] PlainFolders =
        ["/usr/bin", "/usr/local/bin", "/usr/local/pgsql/bin", "/opt/homebrew/bin", "/usr/libexec/postgresql"];

    public string Initdb => Path.Combine(Directory, "initdb");

    public string PgCtl => Path.Combine(Directory, "pg_ctl");

    /// <summary>The installation to use for the data in <paramref name="dataVersion"/>'s format; the newest when
    /// there is no data yet (null).</summary>
    /// <exception cref="StartupException">None is there, none is young enough, or none fits the data.</exception>
    public static Task<PostgresBinaries> FindAsync(
        int? dataVersion, string dataDirectory, CancellationToken cancellationToken) =>
        FindAsync(Folders(), dataVersion, dataDirectory, cancellationToken);

    /// <summary>The same among <paramref name="folders"/>; the first one of a version counts.</summary>
    public static async Task<PostgresBinaries> FindAsync(
        IEnumerable<string> folders, int? dataVersion, string dataDirectory, CancellationToken cancellationToken)
    {
        var found = new List<PostgresBinaries>();
        foreach (var folder in folders.Where(IsComplete).Distinct())
            if (await VersionOfAsync(folder, cancellationToken) is { } version)
                found.Add(new PostgresBinaries(folder, version));

        var fitting = found
            .Where(binaries => binaries.MajorVersion >= OldestMajorVersion)
            .OrderByDescending(binaries => binaries.MajorVersion)
            .ToList();
        if (fitting.Count == 0)
            throw new StartupException(
                $"No PostgreSQL programs ({OldestMajorVersion} or newer) found on this machine. "
                + "Install them (such as `apt-get install postgresql`), or run `docker compose up`, "
                + "or set DATABASE_URL to a server.");

        return fitting.FirstOrDefault(binaries => dataVersion is null || binaries.MajorVersion == dataVersion)
            ?? throw new StartupException(
                $"The local data in {dataDirectory} is of PostgreSQL {dataVersion}, but this machine has "
                + $"{string.Join(", ", fitting.Select(binaries => binaries.MajorVersion))}. Install PostgreSQL "
                + $"{dataVersion}, or set EVENTFLUX_DATA_DIR to another folder.");
    }

    private static IEnumerable<string> Folders()
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        var versioned = VersionedRoots
            .Where(System.IO.Directory.Exists)
            .SelectMany(System.IO.Directory.GetDirectories)
            .Select(folder => Path.Combine(folder, "bin"));
        return path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(versioned)
            .Concat(PlainFolders);
    }

    private static bool IsComplete(string folder) =>
        File.Exists(Path.Combine(folder, "initdb"))
        && File.Exists(Path.Combine(folder, "pg_ctl"))
        && File.Exists(Path.Combine(folder, "postgres"));

    private static async Task<int?> VersionOfAsync(string folder, CancellationToken cancellationToken)
    {
        // "postgres (PostgreSQL) 15.8 (Debian 15.8-0+deb12u1)"
        var result = await ChildProcess.RunAsync(
            user: null, "/", [Path.Combine(folder, "postgres"), "--version"], cancellationToken);
        var words = result.Output.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var number = words.Length > 2 ? words[2].Split('.', 'b', 'r', 'd')[0].Trim() : "";
        return result.ExitCode == 0 && int.TryParse(number, out var version) ? version : null;
    }
}
