using EventFlux.Silo.Hosting;

namespace EventFlux.Silo.SampleData;

internal static class SampleDataSetup
{
    /// <summary>In Development only. After the cluster, since events are made by their grains.</summary>
    public static WebApplicationBuilder AddSampleData(this WebApplicationBuilder builder, SiloOptions options)
    {
        if (options.IsDevelopment) builder.Services.AddHostedService<SampleDataLoader>();
        return builder;
    }
}
