using Microsoft.AspNetCore.Connections;

namespace EventFlux.Silo.Hosting;

/// <summary>The end of a start that failed: a line a fault on the error stream, and an exit code.</summary>
internal static class StartupFaults
{
    private const int Failed = 1;

    /// <summary>Runs the program and answers its exit code. Only a <see cref="StartupException"/> is caught: anything
    /// else is a fault of ours, and its trace is wanted.</summary>
    public static async Task<int> ReportAsync(Func<Task<int>> program)
    {
        try
        {
            return await program();
        }
        catch (StartupException fault)
        {
            await Console.Error.WriteLineAsync(fault.Message);
            return Failed;
        }
        catch (IOException fault) when (fault.InnerException is AddressInUseException)
        {
            // Taken since it was looked at.
            await Console.Error.WriteLineAsync(
                "PORT was taken by another program while this one started. Start again.");
            return Failed;
        }
    }
}
