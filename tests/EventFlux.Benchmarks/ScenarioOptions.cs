using System.Globalization;

namespace EventFlux.Benchmarks;

/// <param name="Round">How long one side is measured at a time.</param>
/// <param name="Connections">HTTP connections of the load.</param>
/// <param name="Arguments">As they were typed.</param>
internal sealed record ScenarioOptions(TimeSpan Round, int Rounds, int Connections, string[] Arguments)
{
    /// <summary>Before the first round, so that what is measured is compiled and warm.</summary>
    public TimeSpan WarmUp => TimeSpan.FromSeconds(Math.Min(5, Round.TotalSeconds));

    /// <summary>Whether it is only to be seen that the scenario works: nothing is written.</summary>
    public bool IsTrial => Arguments.Contains("--trial");

    public static ScenarioOptions Parse(string[] args) => new(
        TimeSpan.FromSeconds(Value(args, "--seconds", 8)), Value(args, "--rounds", 3),
        Value(args, "--connections", 64), args);

    /// <summary>The whole number behind that name.</summary>
    public int Value(string name, int otherwise) => Value(Arguments, name, otherwise);

    /// <summary>The whole number behind that name.</summary>
    public static int Value(string[] args, string name, int otherwise)
    {
        var at = Array.IndexOf(args, name);
        return at < 0 ? otherwise : int.Parse(args[at + 1], CultureInfo.InvariantCulture);
    }
}
