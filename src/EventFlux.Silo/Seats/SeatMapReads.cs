using System.Buffers;
using System.Globalization;
using System.Text.Json;
using EventFlux.Contracts.Faults;
using EventFlux.Grains.Storage;
using EventFlux.Silo.Api;

namespace EventFlux.Silo.Seats;

/// <summary>Answers what an event's seats are like now. Safe for concurrent use.</summary>
internal sealed class SeatMapReads(AvailabilityFeed feed, PlanTexts plans)
{
    /// <summary>Of meeting a plan that is newer than the states, and waiting for those.</summary>
    private const int MaxTries = 3;

    /// <param name="row">As the caller has just read it: the answer is as new at least.</param>
    /// <param name="since">The version that the client has; null for everything.</param>
    public async Task<IResult> AnswerAsync(
        HttpContext context, EventRow row, long? since, CancellationToken cancellationToken)
    {
        if (!row.IsSeated) return Problems.SeatPlanNotFound;
        using var follower = feed.Follow(row.Id);
        var version = row.CountsVersion;
        for (var attempt = 0; attempt < MaxTries; attempt++)
        {
            if (!await follower.ReachAsync(version, cancellationToken)) return Problems.EventNotFound;
            var update = follower.Since(since);
            if (update.Since is not null)
            {
                var changes = Write(row, update, plan: null);
                return PublicReads.Answer(context, EntityTags.Of(changes), () => Json(changes));
            }

            var plan = await plans.FindAsync(row.Id, update.PlanVersion, cancellationToken);
            if (plan is null) return Problems.EventNotFound;
            if (plan.Version == update.PlanVersion)
            {
                // The details' version for the currency, the other for all else.
                var tag = string.Create(
                    CultureInfo.InvariantCulture, $"\"{row.DetailsVersion}.{update.Version}\"");
                return PublicReads.Answer(context, tag, () => Json(Write(row, update, plan)));
            }

            version = update.Version + 1;
        }

        throw new ServiceUnavailableException("The seat plan changes faster than it can be read.");
    }

    private static IResult Json(byte[] body) => TypedResults.Bytes(body, "application/json");

    /// <summary>As the serializer writes a <see cref="SeatMapResponse"/>, with what is written already put
    /// in.</summary>
    private static byte[] Write(EventRow row, AvailabilityUpdate update, PlanText? plan)
    {
        const int Rest = 1024;
        var length = Rest + (update.States?.Length ?? 0) + (plan?.Sections.Length ?? 0);
        var body = new ArrayBufferWriter<byte>(length);
        using (var json = new Utf8JsonWriter(body, new() { Encoder = ApiJson.Encoder }))
        {
            json.WriteStartObject();
            json.WriteString("event_id", row.Id);
            json.WriteNumber("version", update.Version);
            json.WritePropertyName("since");
            if (update.Since is { } since) json.WriteNumberValue(since);
            else json.WriteNullValue();
            json.WriteNumber("plan_version", update.PlanVersion);
            json.WriteNumber("available_tickets", update.Counts.Available);
            json.WriteNumber("booked_tickets", update.Counts.Booked);
            json.WriteNumber("held_tickets", update.Counts.Held);
            json.WriteNumber("waitlist_length", update.Counts.Waiting);
            json.WriteString("currency", plan is null ? null : row.Details.Currency);
            WriteRaw(json, "focal_point", plan?.FocalPoint);
            WriteRaw(json, "sections", plan?.Sections);
            json.WriteString("states", update.States);
            json.WritePropertyName("changes");
            JsonSerializer.Serialize(json, SeatChangeResponse.From(update), ApiJson.Options);
            json.WriteEndObject();
        }

        return body.WrittenSpan.ToArray();
    }

    private static void WriteRaw(Utf8JsonWriter json, string member, byte[]? text)
    {
        json.WritePropertyName(member);
        if (text is null) json.WriteNullValue();
        else json.WriteRawValue(text, skipInputValidation: true);
    }
}
