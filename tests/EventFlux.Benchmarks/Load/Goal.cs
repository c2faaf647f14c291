namespace EventFlux.Benchmarks.Load;

/// <summary>What a scenario is to reach, and what it reached.</summary>
/// <param name="Format">Of the number, such as <c>P0</c>.</param>
internal sealed record Goal(string What, double Value, double Limit, bool IsAtLeast, string Format = "0.##")
{
    private const string Head = "| goal | measured | wanted | met |\n| --- | ---: | ---: | --- |\n";

    private bool IsMet => IsAtLeast ? Value >= Limit : Value <= Limit;

    public static Goal AtLeast(string what, double value, double limit, string format = "0.##") =>
        new(what, value, limit, IsAtLeast: true, format);

    public static Goal AtMost(string what, double value, double limit, string format = "0.##") =>
        new(what, value, limit, IsAtLeast: false, format);

    public static string Table(params IEnumerable<Goal> goals) =>
        Head + string.Join('\n', goals.Select(goal => goal.Line()));

    private string Line() =>
        $"| {What} | **{Text(Value)}** | {(IsAtLeast ? "≥" : "≤")} {Text(Limit)} | {(IsMet ? "yes" : "**no**")} |";

    private string Text(double number) =>
        number.ToString(Format, System.Globalization.CultureInfo.InvariantCulture);
}
