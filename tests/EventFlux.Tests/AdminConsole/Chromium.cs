using EventFlux.Tests.AdminConsole;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace EventFlux.Tests.AdminConsole;

/// <summary>
/// One real browser for the whole run, started when the first test asks for it: the system's Chromium, or else the one
/// that Playwright installs into its own folder. Where neither can be had, the test fails and says so.
/// </summary>
public sealed class Chromium : IAsyncDisposable
{
    /// <summary>Machines that build and test at the same time are slow.</summary>
    private const int PatienceMilliseconds = 20_000;

    private static readonly string[] Names =
        ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

    private readonly Lazy<Task<(IPlaywright Driver, IBrowser Browser)>> _started = new(StartAsync);

    /// <summary>A window of its own, with no cookies.</summary>
    public async Task<IBrowserContext> NewWindowAsync(
        string address, int width = 1280, ColorScheme colors = ColorScheme.Light)
    {
        var window = await (await _started.Value).Browser.NewContextAsync(new()
        {
            BaseURL = address,
            ColorScheme = colors,
            ViewportSize = new() { Width = width, Height = 900 },
        });
        window.SetDefaultTimeout(PatienceMilliseconds);
        return window;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_started.IsValueCreated || !_started.Value.IsCompletedSuccessfully) return;
        var (driver, browser) = await _started.Value;
        await browser.DisposeAsync();
        driver.Dispose();
    }

    private static async Task<(IPlaywright, IBrowser)> StartAsync()
    {
        var installed = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => Names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
        if (installed is null && Microsoft.Playwright.Program.Main(["install", "chromium"]) != 0)
            throw new InvalidOperationException(
                "The console's tests need Chromium: install it (apt-get install chromium), or let Playwright reach "
                + "the network to download one.");
        Assertions.SetDefaultExpectTimeout(PatienceMilliseconds);
        var driver = await Playwright.CreateAsync();
        var browser = await driver.Chromium.LaunchAsync(new()
        {
            ExecutablePath = installed,
            // Within a container there is no sandbox to be had, and /dev/shm is small.
            Args = ["--no-sandbox", "--disable-dev-shm-usage"],
        });
        return (driver, browser);
    }
}
