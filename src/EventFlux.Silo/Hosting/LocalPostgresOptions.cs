namespace EventFlux.Silo.Hosting;

/// <summary>Where and how the private PostgreSQL runs. See <see cref="LocalPostgres"/>.</summary>
internal sealed record LocalPostgresOptions
{
    /// <summary>Absolute path of the folder that holds the data, the locks and the password. Made when
    /// missing.</summary>
    public required string Directory { get; init; }

    /// <summary>Default 200: three silos take about 100, the rest is for tools and tests.</summary>
    public int MaxConnections { get; init; } = 200;

    /// <summary>For tests: no fsync (a crash of the machine may lose data, a crash of a process can't), and the
    /// folder is deleted by whoever stops the server. Default false.</summary>
    public bool Ephemeral { get; init; }

    /// <summary>The folder for a start without configuration: <c>EVENTFLUX_DATA_DIR</c>; else <c>/var/lib/eventflux</c>
    /// for root, since PostgreSQL then runs as a user who can't look into root's home; else below the user's
    /// application data.</summary>
    /// <exception cref="StartupException">The user has no home folder.</exception>
    public static string DefaultDirectory(string? configured)
    {
        if (!string.IsNullOrWhiteSpace(configured))
            return Path.GetFullPath(configured);
        if (!OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess)
            return "/var/lib/eventflux";

        var home = Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return home.Length > 0
            ? Path.Combine(home, "eventflux")
            : throw new StartupException(
                "No folder for local data: the user has no home. Set EVENTFLUX_DATA_DIR to a folder you may write.");
    }
}
