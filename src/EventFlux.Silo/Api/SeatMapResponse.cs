using System.Text.Json;
using System.Text.Json.Serialization;
using EventFlux.Contracts.Seats;

namespace EventFlux.Silo.Api;

/// <summary>An event's seats and where each is in the sale, or what has changed since an earlier answer. Available,
/// booked and held tickets add up to the capacity.</summary>
/// <param name="Version">Rises with each change; ask with it for what is new.</param>
/// <param name="Since">The version that the changes build on; null where the answer is complete. Currency, focal point,
/// sections and states are null beside changes: they stand as they were.</param>
/// <param name="PlanVersion">Changes with the plan, and with it the order of the seats.</param>
/// <param name="States">A letter a seat in the order of the plan: A available, H held, B booked, X blocked.</param>
/// <param name="Changes">A seat's place in the order of the plan, and its new state.</param>
public sealed record SeatMapResponse(
    Guid EventId,
    long Version,
    long? Since,
    long PlanVersion,
    int AvailableTickets,
    int BookedTickets,
    int HeldTickets,
    int WaitlistLength,
    string? Currency,
    SeatPointResponse? FocalPoint,
    IReadOnlyList<SeatMapSection>? Sections,
    string? States,
    IReadOnlyList<SeatChangeResponse>? Changes);

/// <summary>What changes with the plan alone: written once for all answers.</summary>
internal sealed record SeatMapPlan(SeatPointResponse FocalPoint, IReadOnlyList<SeatMapSection> Sections)
{
    public static SeatMapPlan From(SeatPlan plan) => new(
        new(plan.FocalPoint.X, plan.FocalPoint.Y),
        [
            .. plan.Sections.Select(section => new SeatMapSection(
                section.Code, section.Name, section.Price,
                [
                    .. section.Rows.Select(row => new SeatMapRow(
                        row.Label, [.. row.Seats.Select(seat => new SeatMapSeat(seat))])),
                ])),
        ]);
}

/// <summary>A point of the drawing; y grows downwards.</summary>
public sealed record SeatPointResponse(double X, double Y);

/// <summary>A part of the house with one price.</summary>
/// <param name="Code">The first part of its seats' ids.</param>
public sealed record SeatMapSection(string Code, string Name, decimal Price, IReadOnlyList<SeatMapRow> Rows);

/// <summary>Seats side by side. A row that an aisle divides is two rows with one label.</summary>
/// <param name="Label">The second part of its seats' ids.</param>
public sealed record SeatMapRow(string Label, IReadOnlyList<SeatMapSeat> Seats);

/// <summary>A seat's number, which is the last part of its id, where it is drawn, and for whom it is meant if that is
/// not everybody: <c>["12", 310.5, 80]</c> or <c>["12", 310.5, 80, "wheelchair"]</c>.</summary>
[JsonConverter(typeof(Converter))]
public sealed class SeatMapSeat
{
    private readonly PlannedSeat _seat;

    internal SeatMapSeat(PlannedSeat seat) => _seat = seat;

    /// <summary>An array of three or four.</summary>
    internal sealed class Converter : JsonConverter<SeatMapSeat>
    {
        /// <inheritdoc/>
        public override SeatMapSeat Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            throw new NotSupportedException();

        /// <inheritdoc/>
        public override void Write(Utf8JsonWriter writer, SeatMapSeat value, JsonSerializerOptions options)
        {
            var seat = value._seat;
            writer.WriteStartArray();
            writer.WriteStringValue(seat.Number);
            writer.WriteNumberValue(seat.Position.X);
            writer.WriteNumberValue(seat.Position.Y);
            if (seat.Kind != SeatKind.Standard) writer.WriteStringValue(seat.Kind.ToText());
            writer.WriteEndArray();
        }
    }
}
