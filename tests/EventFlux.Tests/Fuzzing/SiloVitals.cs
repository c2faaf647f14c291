using System.Diagnostics;
using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;

namespace EventFlux.Tests.Fuzzing;

/// <summary>What a silo's process holds at one moment.</summary>
/// <param name="MemoryBytes">Its working set.</param>
/// <param name="Handles">Files and connections; 0 where the system doesn't tell.</param>
internal sealed record SiloVitals(long MemoryBytes, int Threads, int Handles)
{
    private const string Runtime = "Microsoft-Windows-DotNETRuntime";

    /// <summary>The runtime's keyword for a full collection when a session begins.</summary>
    private const long CollectNow = 0x800000;

    public double Megabytes => MemoryBytes / 1024.0 / 1024.0;

    public static SiloVitals Read(int process)
    {
        using var silo = Process.GetProcessById(process);
        var handles = $"/proc/{process}/fd";
        return new(
            silo.WorkingSet64, silo.Threads.Count, Directory.Exists(handles) ? Directory.GetFiles(handles).Length : 0);
    }

    /// <summary>The same after a full collection, so that garbage that waits for one doesn't count.</summary>
    public static async Task<SiloVitals> ReadCollectedAsync(int process)
    {
        var client = new DiagnosticsClient(process);
        using (var session = await client.StartEventPipeSessionAsync(
            [new EventPipeProvider(Runtime, EventLevel.Informational, CollectNow)], requestRundown: false,
            circularBufferMB: 1, CancellationToken.None))
        {
            var events = session.EventStream.CopyToAsync(Stream.Null);
            await session.StopAsync(CancellationToken.None);
            await events;
        }

        return Read(process);
    }
}
