using EventFlux.Silo.AdminConsole.Parts;
using EventFlux.Silo.Api;

namespace EventFlux.Silo.AdminConsole.Seats;

/// <summary>Why seats could not be changed, in one sentence with the seats in the way.</summary>
internal static class SeatProblems
{
    private const string SeatIds = "seat_ids";

    /// <summary>A message is no list.</summary>
    private const int MaxNamed = 20;

    public static string Tell(Problem problem)
    {
        var faults = problem.FaultsByMember();
        if (faults.Count > 0)
            return string.Join("; ", faults.Select(fault =>
                $"{NameOf(fault.Key)} {string.Join(", ", fault.Value)}")) + ".";
        if (problem.Extensions.GetValueOrDefault(SeatIds) is not string[] { Length: > 0 } seats) return problem.Detail;

        var rest = seats.Length > MaxNamed ? " and others" : "";
        return $"{problem.Detail} In the way: {string.Join(", ", seats.Take(MaxNamed))}{rest}.";
    }

    private static string NameOf(string member) => member switch
    {
        SeatIds => "Seats:",
        "status" => "Status:",
        "reason" => "A reason",
        "best_available.quantity" => "Seats wanted",
        "best_available.wheelchairs" => "Of them for wheelchairs",
        "best_available.max_price" => "Highest price",
        _ => member,
    };
}
