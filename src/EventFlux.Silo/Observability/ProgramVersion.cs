using System.Reflection;

namespace EventFlux.Silo.Observability;

/// <summary>What this program was built from.</summary>
internal static class ProgramVersion
{
    private const int ShortCommit = 7;

    /// <summary>The short commit where the build knew it, else the version.</summary>
    public static string Short { get; } = Shorten(
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion ?? "unknown");

    internal static string Shorten(string informational) =>
        informational.Split('+', 2) is [_, { Length: >= ShortCommit } commit] ? commit[..ShortCommit]
        : informational.Split('+')[0];
}
