using System.Text;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace EventFlux.Benchmarks.Micro;

/// <summary>The parts of a booking, each alone: time and bytes by BenchmarkDotNet.</summary>
internal static class MicroScenario
{
    private static readonly Type[] Classes =
    [
        typeof(DecidingBenchmarks), typeof(SerializingBenchmarks), typeof(BatchingBenchmarks), typeof(TokenBenchmarks),
    ];

    /// <param name="args">BenchmarkDotNet's own. With any of them nothing is written.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        var artifacts = Path.Combine(Path.GetTempPath(), $"eventflux-micro-{Guid.NewGuid():N}");
        var chosen = args.Length == 0 ? ["--filter", "*"] : args;
        var summaries = BenchmarkSwitcher.FromTypes(Classes).Run(chosen, Config(artifacts)).ToArray();
        if (Directory.Exists(artifacts)) Directory.Delete(artifacts, recursive: true);
        var reports = summaries.SelectMany(summary => summary.Reports).ToArray();
        if (reports.Length == 0 || !reports.All(report => report.Success)) return 1;

        await Report.WriteAsync(
            "micro", ScenarioOptions.Parse(args.Length == 0 ? [] : [.. args, "--trial"]),
            """
            The parts of a booking, each alone in this process and one after the other on one thread: mean of some runs
            of a tenth of a second, half the width of its 99.9 % confidence interval, and the bytes allocated. A batch's
            line is for the whole batch.
            """,
            TableOf(reports),
            checks: "A refused token or a part that fails ends the run.");
        return 0;
    }

    /// <summary>In this process: nothing to build for each run, and what is measured is small and has no state to keep
    /// apart.</summary>
    private static IConfig Config(string artifacts) => ManualConfig.CreateEmpty()
        .AddJob(Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithWarmupCount(5).WithIterationCount(12).WithIterationTime(TimeInterval.FromMilliseconds(100)))
        .AddDiagnoser(MemoryDiagnoser.Default)
        .AddLogger(ConsoleLogger.Default)
        .AddColumnProvider(DefaultColumnProviders.Instance)
        .WithArtifactsPath(artifacts);

    private static string TableOf(IEnumerable<BenchmarkReport> reports)
    {
        var table = new StringBuilder("""
            | | ns | ± | bytes |
            | --- | ---: | ---: | ---: |

            """);
        foreach (var report in reports)
        {
            var (run, times) = (report.BenchmarkCase, report.ResultStatistics!);
            var parameters = run.Parameters.Items.Select(item => $", {item.Name.ToLowerInvariant()}: {item.Value}");
            var name = $"{run.Descriptor.Type.Name.Replace("Benchmarks", "")}: {
                run.Descriptor.WorkloadMethod.Name}{string.Concat(parameters)}";
            table.AppendLine(Report.Format($"""
                | {name} | {times.Mean:N0} | {times.GetConfidenceInterval(
                    Perfolizer.Mathematics.Common.ConfidenceLevel.L999).Margin:N0} | {
                    report.GcStats.GetBytesAllocatedPerOperation(run):N0} |
                """));
        }

        return table.ToString();
    }
}
