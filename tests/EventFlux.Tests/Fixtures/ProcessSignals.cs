using System.Runtime.InteropServices;

namespace EventFlux.Tests.Fixtures;

/// <summary>Real signals to real processes, by the numbers that the system uses.</summary>
public static class ProcessSignals
{
    /// <summary>SIGTERM: asks it to stop.</summary>
    public static void Terminate(int process) => _ = Send(process, 15);

    /// <summary>SIGKILL: no chance to tidy up.</summary>
    public static void Kill(int process) => _ = Send(process, 9);

    /// <summary>SIGSTOP: freezes it.</summary>
    public static void Freeze(int process) => _ = Send(process, OperatingSystem.IsMacOS() ? 17 : 19);

    /// <summary>SIGCONT: lets a frozen one go on.</summary>
    public static void Thaw(int process) => _ = Send(process, OperatingSystem.IsMacOS() ? 19 : 18);

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Send(int process, int signal);
}
