using System.Globalization;

namespace EventFlux.Silo.Hosting;

/// <summary>
/// The data folder of the private PostgreSQL. Not safe by itself: whoever makes it holds the start lock of
/// <see cref="LocalPostgres"/>.
/// </summary>
internal sealed class PostgresData(LocalPostgresOptions options)
{
    private const string User = LocalPostgres.UserName;

    // C.UTF-8 sorts fast and folds the case of all letters; not every system has it.
    private static readonly string[] Locales = ["C.UTF-8", "en_US.UTF-8", "C"];

    private readonly string _base = options.Directory;

    /// <summary>PostgreSQL refuses to run as root; then it runs as this user. Null: as ourselves.</summary>
    public string? SystemUser { get; } = Environment.IsPrivilegedProcess ? UnprivilegedUser() : null;

    public string Directory => Path.Combine(_base, "postgres");

    public string PasswordPath => Path.Combine(_base, "postgres.password");

    /// <summary>Major version of the data; null before the first start.</summary>
    public int? Version()
    {
        var path = Path.Combine(Directory, "PG_VERSION");
        return File.Exists(path) ? int.Parse(File.ReadAllText(path), CultureInfo.InvariantCulture) : null;
    }

    /// <summary>Makes the data folder. A run that is interrupted leaves only <c>postgres.new</c>, which the next one
    /// throws away.</summary>
    public async Task InitialiseAsync(PostgresBinaries binaries, CancellationToken cancellationToken)
    {
        var password = PrivateFile.GetOrCreate(PasswordPath);
        var passwordCopy = Path.Combine(_base, "initdb.password");
        var unfinished = Path.Combine(_base, "postgres.new");
        try
        {
            PrivateFile.Write(passwordCopy, password);
            await GiveToSystemUserAsync(passwordCopy, cancellationToken);
            var result = new ChildResult(1, "");
            foreach (var locale in Locales)
            {
                if (System.IO.Directory.Exists(unfinished))
                    System.IO.Directory.Delete(unfinished, recursive: true);
                System.IO.Directory.CreateDirectory(
                    unfinished, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                await GiveToSystemUserAsync(unfinished, cancellationToken);
                string[] initdb =
                [
                    binaries.Initdb, "-D", unfinished, "-U", User, "--auth=scram-sha-256", $"--pwfile={passwordCopy}",
                    "--encoding=UTF8", $"--locale={locale}", options.Ephemeral ? "--no-sync" : "--data-checksums",
                ];
                result = await ChildProcess.RunAsync(SystemUser, _base, initdb, cancellationToken);
                if (result.ExitCode == 0 || !result.Output.Contains("invalid locale", StringComparison.Ordinal))
                    break;
            }

            if (result.ExitCode != 0)
                throw new StartupException($"PostgreSQL's initdb failed in {_base}: {LastLine(result.Output)}");
            System.IO.Directory.Move(unfinished, Directory);
        }
        finally
        {
            File.Delete(passwordCopy);
        }
    }

    /// <summary>As root: makes the user under whom PostgreSQL runs the owner.</summary>
    public async Task GiveToSystemUserAsync(string path, CancellationToken cancellationToken)
    {
        if (SystemUser is null)
            return;
        var result = await ChildProcess.RunAsync(null, "/", ["chown", SystemUser, path], cancellationToken);
        if (result.ExitCode != 0)
            throw new StartupException($"Can't give {path} to user {SystemUser}: {LastLine(result.Output)}");
    }

    /// <summary>Where commands say what went wrong.</summary>
    public static string LastLine(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .LastOrDefault("no output");

    private static string UnprivilegedUser() =>
        File.Exists("/etc/passwd")
        && File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal))
            ? "postgres"
            : "nobody";
}
