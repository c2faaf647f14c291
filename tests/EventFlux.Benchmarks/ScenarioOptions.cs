using System.Globalization;

namespace EventFlux.Benchmarks;

/// <param name="Round">How long one side is measured at a time.</param>
/// <param name="Connections">HTTP connections of the load.</param>
internal sealed record ScenarioOptions(TimeSpan Round, int Rounds, int Connections)
{
    public static ScenarioOptions Parse(string[] args) => new(
        TimeSpan.FromSeconds(Value(args, "--seconds", 8)), Value(args, "--rounds", 3),
        Value(args, "--connections", 64));

    /// <summary>The whole number behind that name.</summary>
    public static int Value(string[] args, string name, int otherwise)
    {
        var at = Array.IndexOf(args, name);
        return at < 0 ? otherwise : int.Parse(args[at + 1], CultureInfo.InvariantCulture);
    }
}
