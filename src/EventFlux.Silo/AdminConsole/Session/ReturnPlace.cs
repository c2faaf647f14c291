namespace EventFlux.Silo.AdminConsole.Session;

/// <summary>Where a person wanted to go before signing in. Only places of ours: a link that signs somebody in must not
/// lead them elsewhere.</summary>
internal static class ReturnPlace
{
    public const string Home = "/console";

    private static readonly string[] Roots = [Home, OperatorDashboard.Path];

    /// <summary>The place asked for, or the console's first page.</summary>
    public static string Of(string? asked) =>
        asked is not null && asked.Length <= 2000 && Roots.Any(root => IsWithin(asked, root)) ? asked : Home;

    /// <summary>A path below the root, or the root itself; browsers read backslashes as slashes.</summary>
    private static bool IsWithin(string asked, string root) =>
        asked.StartsWith(root, StringComparison.Ordinal)
        && (asked.Length == root.Length || asked[root.Length] is '/' or '?')
        && !asked.Contains("//", StringComparison.Ordinal) && !asked.Contains("..", StringComparison.Ordinal)
        && asked.All(character => character is > ' ' and < '\u007f' and not '\\');
}
