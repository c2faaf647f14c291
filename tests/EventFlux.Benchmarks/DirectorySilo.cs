using Microsoft.Extensions.Hosting;

namespace EventFlux.Benchmarks;

/// <summary>A silo with that grain directory.</summary>
internal static class DirectorySilo
{
    public const string Verb = "silo-with-directory";

    public static Task RunAsync(GrainDirectoryKind directory) => BenchSilo.RunAsync(
        builder =>
        {
            if (directory == GrainDirectoryKind.Distributed)
#pragma warning disable ORLEANSEXP003 // What is measured here is whether its experimental state is worth it.
                builder.UseOrleans(silo => silo.AddDistributedGrainDirectory());
#pragma warning restore ORLEANSEXP003
        },
        _ => { });
}

/// <summary>The directories that come with Orleans and need no further server.</summary>
internal enum GrainDirectoryKind
{
    /// <summary>The default: a hash table spread over the silos, consistent in the end.</summary>
    Local,

    /// <summary>Strongly consistent, handed over when a silo comes or goes.</summary>
    Distributed,
}
