using System.Runtime.Versioning;
using EventFlux.Silo.AdminConsole;
using EventFlux.Silo.Api;
using EventFlux.Silo.Authentication;
using EventFlux.Silo.Hosting;
using EventFlux.Silo.Observability;
using EventFlux.Silo.RateLimiting;
using EventFlux.Silo.SampleData;

// The private PostgreSQL is run by Unix means (users, file modes, locks); with DATABASE_URL set the rest runs anywhere.
[assembly: UnsupportedOSPlatform("windows")]

return await StartupFaults.ReportAsync(async () =>
{
    var verb = CommandLine.Parse(args);
    if (verb == Verb.Help)
    {
        Console.Write(CommandLine.Help());
        return 0;
    }

    var builder = HostSetup.CreateBuilder();
    var asked = SiloOptionsReader.Read(builder.Configuration, serving: verb == Verb.Serve);
    if (verb == Verb.Migrate)
    {
        await using var migrated = await SiloDatabase.OpenAsync(asked);
        migrated.Report(Console.Out);
        return 0;
    }

    if (verb is Verb.Verify or Verb.Rebuild)
    {
        await using var verified = await SiloDatabase.OpenAsync(asked, migrates: false);
        return await VerifyCommand.RunAsync(verified, rebuild: verb == Verb.Rebuild, Console.Out, Console.Error);
    }

    using var ports = SiloPorts.Claim(asked);
    await using var database = await SiloDatabase.StartAsync(ports.Options);
    var options = database.Options;
    // Beside the building of the host: each takes some hundred milliseconds of a start. Waited for also when the
    // building fails: a migration isn't left in its middle, and the database's own fault is told first.
    var prepared = Task.Run(() => database.PrepareAsync());
    WebApplication app;
    try
    {
        app = Build(builder, asked, options);
    }
    finally
    {
        await prepared;
    }

    await using (app) await app.RunAsync();
    return 0;
});

static WebApplication Build(WebApplicationBuilder builder, SiloOptions asked, SiloOptions options)
{
    builder
        .AddEventFluxHost(options)
        .AddEventFluxCluster(options)
        .AddEventFluxObservability(options)
        .AddEventFluxRateLimits(options)
        .AddEventFluxAuthentication(options)
        .AddEventFluxConsole()
        // Behind the console, which brings back a part of routing that the API does without.
        .AddEventFluxApi(ApiOptions.From(options))
        .AddMaintenance()
        .AddSampleData(options)
        .AddStartupText(SiloDatabaseInfo.Of(asked, options));

    var app = builder.Build();
    app.UseDrainingConnections();
    app.UseEventFluxApi();
    app.UseEventFluxConsole();
    app.MapEventFluxHealth();
    app.MapEventFluxApi();
    app.MapEventFluxConsole();
    return app;
}
