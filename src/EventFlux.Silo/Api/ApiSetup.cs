namespace EventFlux.Silo.Api;

/// <summary>The REST API as one unit of the host.</summary>
internal static class ApiSetup
{
    public static WebApplicationBuilder AddEventFluxApi(this WebApplicationBuilder builder) => builder;

    public static WebApplication MapEventFluxApi(this WebApplication app) => app;
}
