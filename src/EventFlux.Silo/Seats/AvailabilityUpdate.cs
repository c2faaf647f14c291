using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using EventFlux.Contracts.Seats;
using EventFlux.Silo.Api;

namespace EventFlux.Silo.Seats;

/// <summary>An event at one version, or the way there from another. One object serves everybody who asks for the same,
/// and is written but once. Immutable.</summary>
/// <param name="Since">What the changes build on; null where <paramref name="States"/> is complete.</param>
/// <param name="PlanVersion">0 for general admission, where there is neither a state nor a change of a seat.</param>
/// <param name="States">A letter a seat in the order of the plan; null where the changes tell what is new.</param>
/// <param name="Changes">By seat; no seat stands twice.</param>
internal sealed record AvailabilityUpdate(
    long Version, long? Since, long PlanVersion, AvailabilityCounts Counts, string? States,
    ImmutableArray<SeatChange> Changes)
{
    private byte[]? _frame;

    /// <summary>As a server-sent event, whose id is the version.</summary>
    /// <remarks>Two threads that write it at once write the same.</remarks>
    public ReadOnlyMemory<byte> Frame => _frame ??= Encoding.UTF8.GetBytes(
        $"event: availability\nid: {Version}\n"
        + $"data: {JsonSerializer.Serialize(AvailabilityResponse.From(this), ApiJson.Options)}\n\n");

    public static char LetterOf(SeatState state) => state switch
    {
        SeatState.Available => 'A',
        SeatState.Held => 'H',
        SeatState.Booked => 'B',
        SeatState.Blocked => 'X',
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };
}
