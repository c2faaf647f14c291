using System.Text;

namespace EventFlux.Silo.Hosting;

/// <summary>An account that was made for the first start, with the only copy of its password in plain text.</summary>
internal sealed record PrintedAccount(string Role, string Email, string Password)
{
    /// <inheritdoc/>
    public override string ToString() => nameof(PrintedAccount);
}

/// <summary>
/// Tells the person at the terminal, once the silo serves, where it listens and how to log in. In Development only;
/// other environments get a log line. Whoever makes sample accounts hands them over with <see cref="Announce"/> while
/// the host starts; they are printed once and kept nowhere.
/// </summary>
internal sealed partial class StartupText(
    SiloOptions options,
    SiloDatabaseInfo database,
    StartPhase phase,
    IHostApplicationLifetime lifetime,
    ILogger<StartupText> logger) : IHostedService
{
    private readonly List<PrintedAccount> _accounts = [];

    /// <summary>To be printed. Called before the host has started.</summary>
    public void Announce(PrintedAccount account)
    {
        lock (_accounts)
            _accounts.Add(account);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(() =>
        {
            phase.End();
            if (options.IsDevelopment)
                Console.Out.WriteLine(Compose());
            else
                LogServing(options.Port, $"{options.SiloHost}:{options.SiloPort}", options.ClusterId);
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private string Compose()
    {
        var root = $"http://localhost:{options.Port}";
        var text = new StringBuilder()
            .AppendLine()
            .AppendLine($"EventFlux serves on {root}{(SiloPorts.IsLocalOnly(options) ? " (this machine only)" : "")}")
            .AppendLine($"  start    {root}/")
            .AppendLine($"  docs     {root}/docs")
            .AppendLine($"  console  {root}/console")
            .AppendLine($"  data     {database.Place}")
            .AppendLine($"  cluster  {options.ClusterId}, this silo at {options.SiloHost}:{options.SiloPort}")
            .AppendLine($"  log in   POST {root}/api/auth/login {{\"email\": ..., \"password\": ...}}");
        lock (_accounts)
        {
            foreach (var account in _accounts)
                text.AppendLine($"             {account.Role,-5}  {account.Email}  {account.Password}");
            if (_accounts.Count > 0)
                text.AppendLine("           (shown this once: only a hash of each password is kept)");
            _accounts.Clear();
        }

        return text.AppendLine("  stop     Ctrl-C").ToString();
    }

    [LoggerMessage(LogLevel.Information, "Serving on port {Port}; silo {Endpoint} of cluster {Cluster}")]
    private partial void LogServing(int port, string endpoint, string cluster);
}
