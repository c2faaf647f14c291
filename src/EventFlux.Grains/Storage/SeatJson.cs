using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using EventFlux.Contracts.Seats;

namespace EventFlux.Grains.Storage;

/// <summary>How seats and plans are written in the tables.</summary>
internal static class SeatJson
{
    /// <summary>Null for tickets without seats.</summary>
    public static string? Of(ImmutableArray<SeatTicket> seats) =>
        seats.IsDefault ? null : JsonSerializer.Serialize(seats, SeatJsonContext.Default.ImmutableArraySeatTicket);

    public static string Of(SeatPlan plan) => JsonSerializer.Serialize(plan, SeatJsonContext.Default.SeatPlan);

    /// <summary>Default for null.</summary>
    public static ImmutableArray<SeatTicket> ParseSeats(string? json) =>
        json is null ? default : JsonSerializer.Deserialize(json, SeatJsonContext.Default.ImmutableArraySeatTicket);

    public static SeatPlan ParsePlan(string json) =>
        JsonSerializer.Deserialize(json, SeatJsonContext.Default.SeatPlan)!;
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ImmutableArray<SeatTicket>))]
[JsonSerializable(typeof(SeatPlan))]
internal sealed partial class SeatJsonContext : JsonSerializerContext;
