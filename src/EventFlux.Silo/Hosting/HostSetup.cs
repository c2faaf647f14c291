using EventFlux.Grains;
using EventFlux.Grains.Events;
using EventFlux.Grains.Maintenance;
using EventFlux.Grains.Users;

namespace EventFlux.Silo.Hosting;

/// <summary>Puts the host together; <c>Program.cs</c> says in which order.</summary>
internal static class HostSetup
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Configuration from appsettings.json beside the program and from the environment, on top.</summary>
    public static WebApplicationBuilder CreateBuilder()
    {
        var environment = Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT");
        return WebApplication.CreateBuilder(new WebApplicationOptions
        {
            // Beside the program, wherever it is started from.
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = string.IsNullOrWhiteSpace(environment) ? Environments.Development : environment.Trim(),
        });
    }

    /// <summary>Everything that doesn't depend on Orleans or on the API.</summary>
    public static WebApplicationBuilder AddEventFluxHost(this WebApplicationBuilder builder, SiloOptions options)
    {
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopTimeout + options.ShutdownDrain);
        builder.Services.AddEventFluxDataSources(options);
        builder.Services.AddEventFluxHealth();
        builder.Services.AddSingleton(new PasswordHashingOptions { WorkFactor = options.BCryptCost });
        builder.Services.AddEventFluxGrains(
            new EventOptions
            {
                OfferDuration = options.WaitlistOfferDuration, HoldDuration = options.HoldDuration,
            },
            new MaintenanceOptions { CancelledBookingRetention = options.CancelledBookingRetention });
        AddLogging(builder, options);
        LeaveStartFaultsToTheCaller(builder);
        ListenOnPort(builder, options);
        return builder;
    }

    /// <summary>The clock's work, which one grain does for the whole cluster.</summary>
    public static WebApplicationBuilder AddMaintenance(this WebApplicationBuilder builder)
    {
        builder.Services.AddHostedService<MaintenanceSchedule>();
        return builder;
    }

    /// <summary>Last, so that what is made while the host starts is in the text.</summary>
    public static WebApplicationBuilder AddStartupText(
        this WebApplicationBuilder builder, SiloDatabaseInfo database)
    {
        builder.Services.AddSingleton(database);
        builder.Services.AddSingleton<StartupText>();
        builder.Services.AddHostedService(services => services.GetRequiredService<StartupText>());
        return builder;
    }

    private static void AddLogging(WebApplicationBuilder builder, SiloOptions options)
    {
        builder.Logging.ClearProviders();
        // Its first look compares with a time that was never set, and warns of a stall as long as the machine is up.
        builder.Logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
        // Orleans places each grain through a retry pipeline that tells of every attempt.
        builder.Logging.AddFilter("Polly", LogLevel.Warning);
        // Each probe of a silo that drains would be an error in the log; who probes is told by the answer.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Critical);
        if (options.IsDevelopment)
            builder.Logging.AddSimpleConsole(console =>
                (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss "));
        else
            builder.Logging.AddJsonConsole(console =>
                (console.UseUtcTimestamp, console.TimestampFormat) = (true, "yyyy-MM-ddTHH:mm:ss.fffZ"));
    }

    // The host logs an exception of its start with the trace, and throws it on: the program's end says what it was.
    private static void LeaveStartFaultsToTheCaller(WebApplicationBuilder builder)
    {
        var phase = new StartPhase();
        builder.Logging.AddFilter(
            "Microsoft.Extensions.Hosting.Internal.Host", level => phase.IsOver && level >= LogLevel.Warning);
        builder.Services.AddSingleton(phase);
    }

    private static void ListenOnPort(WebApplicationBuilder builder, SiloOptions options)
    {
        // PORT alone decides; what images and shells set for ASP.NET in general doesn't.
        builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, "");
        builder.WebHost.UseSetting(WebHostDefaults.HttpPortsKey, "");
        builder.WebHost.UseSetting(WebHostDefaults.HttpsPortsKey, "");
        // So does TRUSTED_PROXIES: this setting of ASP.NET's would believe everybody about whom they speak for.
        builder.WebHost.UseSetting("ForwardedHeaders_Enabled", "false");
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            int[] ports = options.MetricsPort is { } metrics ? [options.Port, metrics] : [options.Port];
            foreach (var port in ports)
            {
                if (SiloPorts.IsLocalOnly(options))
                    kestrel.ListenLocalhost(port);
                else
                    kestrel.ListenAnyIP(port);
            }
        });
    }
}
