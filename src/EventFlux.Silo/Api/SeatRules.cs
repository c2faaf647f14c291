using EventFlux.Contracts.Seats;

namespace EventFlux.Silo.Api;

/// <summary>What names of seats may be, and what makes a seat plan whole.</summary>
internal static class SeatRules
{
    public const int MaxSeats = 100_000;
    private const int MaxSections = 200;
    private const int MaxLabelLength = 10;
    private const int MaxNameLength = 100;
    private const double MaxCoordinate = 1_000_000;

    /// <summary>Faults of a plan are told at once, but no more than these.</summary>
    private const int MaxFaults = 100;

    /// <summary>A section's code, a row's label, a seat's number: 1 to 10 letters and digits.</summary>
    public static bool IsLabel(string? text) =>
        text is { Length: >= 1 and <= MaxLabelLength } && text.All(char.IsAsciiLetterOrDigit);

    /// <summary>Three labels with hyphens between them.</summary>
    public static bool IsSeatId(string? text) => text?.Split('-') is { Length: 3 } parts && parts.All(IsLabel);

    /// <summary>What is wrong with a plan, by the path of the member; empty when it is whole.</summary>
    public static IReadOnlyList<(string Path, string Fault)> FaultsOf(SeatPlanRequest plan)
    {
        if (plan.CopyFrom is not null)
            return plan.Sections is null && plan.FocalPoint is null
                ? []
                : [("copy_from", "can't be given beside a plan")];
        if (plan.Sections is not { Count: >= 1 and <= MaxSections } sections)
            return [("sections", plan.Sections is null ? "is required" : $"must have 1 to {MaxSections} sections")];

        var faults = new List<(string, string)>();
        if (plan.FocalPoint is { } point && !(IsCoordinate(point.X) && IsCoordinate(point.Y)))
            faults.Add(("focal_point", $"x and y must be between -{MaxCoordinate:F0} and {MaxCoordinate:F0}"));
        var count = sections.Sum(section => section?.Rows?.Sum(row => (long?)row?.Seats?.Count ?? 0) ?? 0);
        if (count > MaxSeats) faults.Add(("sections", $"must have at most {MaxSeats} seats in all"));
        else AddFaults(sections, faults);
        return faults;
    }

    private static void AddFaults(
        IReadOnlyList<SeatSectionRequest?> sections, List<(string Path, string Fault)> faults)
    {
        var codes = new HashSet<string>(StringComparer.Ordinal);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < sections.Count && faults.Count < MaxFaults; index++)
        {
            var (section, path) = (sections[index], $"sections[{index}]");
            if (section is null)
            {
                faults.Add((path, "is required"));
                continue;
            }

            if (!IsLabel(section.Code)) faults.Add(($"{path}.code", LabelRule));
            else if (!codes.Add(section.Code!)) faults.Add(($"{path}.code", "stands twice"));
            if (section.Name is not { Length: >= 1 and <= MaxNameLength } name || !Validation.IsPrintable(name))
                faults.Add(($"{path}.name", $"must have 1 to {MaxNameLength} characters"));
            if (section.Price is not { } price || price is < 0 or > 1_000_000 || decimal.Round(price, 2) != price)
                faults.Add(($"{path}.price", "must be between 0 and 1000000, with at most two decimals"));
            if (section.Rows is not { Count: >= 1 }) faults.Add(($"{path}.rows", "must have at least one row"));
            else AddFaults(section, path, ids, faults);
        }
    }

    private static void AddFaults(
        SeatSectionRequest section, string sectionPath, HashSet<string> ids,
        List<(string Path, string Fault)> faults)
    {
        for (var index = 0; index < section.Rows!.Count && faults.Count < MaxFaults; index++)
        {
            var (row, path) = (section.Rows[index], $"{sectionPath}.rows[{index}]");
            if (!IsLabel(row?.Label)) faults.Add(($"{path}.label", LabelRule));
            if (row?.Seats is not { Count: >= 1 } seats)
            {
                faults.Add(($"{path}.seats", "must have at least one seat"));
                continue;
            }

            for (var place = 0; place < seats.Count && faults.Count < MaxFaults; place++)
            {
                if (FaultOf(seats[place]) is { } fault) faults.Add(($"{path}.seats[{place}]", fault));
                else if (!ids.Add($"{section.Code}-{row.Label}-{seats[place]!.Number}"))
                    faults.Add(($"{path}.seats[{place}].number", "stands twice in this row"));
            }
        }
    }

    private static string? FaultOf(PlannedSeatRequest? seat) =>
        seat is null ? "is required"
        : !IsLabel(seat.Number) ? $"number {LabelRule}"
        : !(IsCoordinate(seat.X) && IsCoordinate(seat.Y)) ? $"x and y must be within {MaxCoordinate:F0} of 0"
        : seat.Kind is not null && KindOf(seat.Kind) is null ? "kind must be one of standard, wheelchair, companion"
        : null;

    private const string LabelRule = "must be 1 to 10 letters and digits";

    private static bool IsCoordinate(double? value) => value is >= -MaxCoordinate and <= MaxCoordinate;

    /// <summary>The kind that the text names, or null.</summary>
    public static SeatKind? KindOf(string text) => text switch
    {
        "standard" => SeatKind.Standard,
        "wheelchair" => SeatKind.Wheelchair,
        "companion" => SeatKind.Companion,
        _ => null,
    };

    public static string ToText(this SeatKind kind) => kind switch
    {
        SeatKind.Standard => "standard",
        SeatKind.Wheelchair => "wheelchair",
        SeatKind.Companion => "companion",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
