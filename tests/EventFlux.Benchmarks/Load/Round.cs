namespace EventFlux.Benchmarks.Load;

/// <summary>What one side did in one turn.</summary>
/// <param name="Done">Requests that were answered, each as it must be.</param>
internal sealed record Round(
    long Done, TimeSpan Elapsed, double P50Milliseconds, double P99Milliseconds, ProcessorTimes Used)
{
    public double PerSecond => Done / Elapsed.TotalSeconds;

    /// <summary>The load driver's part of the machine's processors, 0 to 1.</summary>
    public double DriverShare => Share(Used.Driver);

    public double SiloShare => Share(Used.Silos);

    public double PostgresShare => Share(Used.Postgres);

    private double Share(TimeSpan used) => used / Elapsed / Environment.ProcessorCount;
}
