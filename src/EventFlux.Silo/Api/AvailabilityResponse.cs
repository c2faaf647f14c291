using System.Text.Json;
using System.Text.Json.Serialization;
using EventFlux.Contracts.Seats;
using EventFlux.Silo.Seats;

namespace EventFlux.Silo.Api;

/// <summary>What is available of an event at one version: the data of the stream's events.</summary>
/// <param name="Version">Rises with each change; also the event's id, from which a stream goes on.</param>
/// <param name="Since">The version that the changes build on; null where the states are complete.</param>
/// <param name="PlanVersion">Changes with the seat plan; null for general admission.</param>
/// <param name="States">A letter a seat in the order of the plan: A available, H held, B booked, X blocked. Null where
/// changes tell what is new, and for general admission.</param>
/// <param name="Changes">Since that version: a seat's place in the order of the plan, and its new state.</param>
public sealed record AvailabilityResponse(
    long Version,
    long? Since,
    long? PlanVersion,
    int AvailableTickets,
    int BookedTickets,
    int HeldTickets,
    int WaitlistLength,
    string? States,
    IReadOnlyList<SeatChangeResponse>? Changes)
{
    internal static AvailabilityResponse From(AvailabilityUpdate update) => new(
        update.Version, update.Since, update.PlanVersion == 0 ? null : update.PlanVersion, update.Counts.Available,
        update.Counts.Booked, update.Counts.Held, update.Counts.Waiting,
        update.PlanVersion == 0 ? null : update.States, SeatChangeResponse.From(update));
}

/// <summary>A seat's place in the order of the plan, from 0, and its new state: <c>[17, "H"]</c>.</summary>
[JsonConverter(typeof(Converter))]
public sealed record SeatChangeResponse(int Seat, string State)
{
    internal static IReadOnlyList<SeatChangeResponse>? From(AvailabilityUpdate update) =>
        update.Since is null || update.PlanVersion == 0
            ? null
            : [.. update.Changes.Select(change => new SeatChangeResponse(change.Seat, TextOf(change.State)))];

    private static string TextOf(SeatState state) => AvailabilityUpdate.LetterOf(state) switch
    {
        'A' => "A",
        'H' => "H",
        'B' => "B",
        _ => "X",
    };

    /// <summary>An array of two.</summary>
    internal sealed class Converter : JsonConverter<SeatChangeResponse>
    {
        /// <inheritdoc/>
        public override SeatChangeResponse Read(
            ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => throw new NotSupportedException();

        /// <inheritdoc/>
        public override void Write(Utf8JsonWriter writer, SeatChangeResponse value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(value.Seat);
            writer.WriteStringValue(value.State);
            writer.WriteEndArray();
        }
    }
}
