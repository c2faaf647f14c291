using System.Collections.Concurrent;
using System.Globalization;

namespace EventFlux.Tests.Fuzzing;

/// <summary>What a run was answered. Safe for concurrent use.</summary>
internal sealed class FuzzTally
{
    private const int MaxFindings = 50;

    private readonly ConcurrentDictionary<string, int> _answers = new();
    private readonly ConcurrentDictionary<string, bool> _kinds = new();
    private readonly ConcurrentQueue<string> _findings = new();
    private readonly ConcurrentQueue<double> _milliseconds = new();

    /// <summary>By status; <c>none</c> where the connection was left or closed.</summary>
    public IReadOnlyDictionary<string, int> Answers => _answers;

    /// <summary>One of each kind, with the request that shows it, in the order in which they were found.</summary>
    public IReadOnlyCollection<string> Findings => _findings;

    public void Count(IReadOnlyList<WireAnswer> answers, TimeSpan elapsed)
    {
        if (answers.Count == 0) Add("none");
        foreach (var answer in answers) Add(answer.Status.ToString(CultureInfo.InvariantCulture));
        _milliseconds.Enqueue(elapsed.TotalMilliseconds);
    }

    /// <param name="fault">Its kind: of the next ones of the same kind and operation only the first is kept.</param>
    public void Report(string fault, FuzzRequest? request = null, WireAnswer? answer = null)
    {
        if (_findings.Count < MaxFindings && _kinds.TryAdd($"{fault} {request?.Operation}", true))
            _findings.Enqueue($"{fault}\n  {request}\n  {answer}".TrimEnd());
    }

    /// <summary>A quantile of the times from the first byte sent to the last one read.</summary>
    public double Milliseconds(double quantile) =>
        _milliseconds.Order().ElementAt((int)((_milliseconds.Count - 1) * quantile));

    private void Add(string status) => _answers.AddOrUpdate(status, 1, (_, count) => count + 1);
}
