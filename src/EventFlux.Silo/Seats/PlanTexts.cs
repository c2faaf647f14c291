using System.Text.Json;
using EventFlux.Grains.Storage;
using EventFlux.Silo.Api;
using EventFlux.Silo.RateLimiting;

namespace EventFlux.Silo.Seats;

/// <summary>A seat plan as it is answered.</summary>
/// <param name="FocalPoint">JSON.</param>
/// <param name="Sections">JSON.</param>
internal sealed record PlanText(long Version, byte[] FocalPoint, byte[] Sections);

/// <summary>Keeps the plans of the events that are looked at lately, written out: a house is as large as all else in an
/// answer, and the same each time. Bounded by their size. Safe for concurrent use.</summary>
internal sealed class PlanTexts(SeatQueries plans)
{
    /// <summary>Some three million seats.</summary>
    private const long MaxBytes = 64 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, Kept> _kept = [];
    private readonly OneAtATime<Guid> _turns = new();
    private long _bytes;
    private long _uses;

    /// <summary>The plan of that version, or one that has taken its place; null where there is none.</summary>
    public async Task<PlanText?> FindAsync(Guid eventId, long version, CancellationToken cancellationToken)
    {
        if (Recall(eventId, version) is { } known) return known;
        PlanText? read = null;
        // Who waited looks again: a thousand readers of a new plan read it once.
        while (!await _turns.RunOrWaitAsync(eventId, ReadIfNewAsync))
            if (Recall(eventId, version) is { } brought)
                return brought;
        return read;

        async Task ReadIfNewAsync() =>
            read = Recall(eventId, version) ?? await ReadAsync(eventId, cancellationToken);
    }

    private async Task<PlanText?> ReadAsync(Guid eventId, CancellationToken cancellationToken)
    {
        if (await plans.FindPlanAsync(eventId, cancellationToken) is not { } stored) return null;
        var plan = SeatMapPlan.From(stored.Plan);
        var text = new PlanText(
            stored.Version,
            JsonSerializer.SerializeToUtf8Bytes(plan.FocalPoint, ApiJson.Options),
            JsonSerializer.SerializeToUtf8Bytes(plan.Sections, ApiJson.Options));
        Keep(eventId, text);
        return text;
    }

    private PlanText? Recall(Guid eventId, long version)
    {
        lock (_gate)
        {
            if (!_kept.TryGetValue(eventId, out var kept) || kept.Text.Version < version) return null;
            kept.LastUse = ++_uses;
            return kept.Text;
        }
    }

    private void Keep(Guid eventId, PlanText text)
    {
        lock (_gate)
        {
            if (_kept.Remove(eventId, out var old)) _bytes -= old.Text.Sections.Length;
            while (_kept.Count > 0 && _bytes + text.Sections.Length > MaxBytes)
            {
                var (id, oldest) = _kept.MinBy(kept => kept.Value.LastUse);
                _kept.Remove(id);
                _bytes -= oldest.Text.Sections.Length;
            }

            _kept.Add(eventId, new(text) { LastUse = ++_uses });
            _bytes += text.Sections.Length;
        }
    }

    private sealed class Kept(PlanText text)
    {
        public PlanText Text => text;

        public long LastUse { get; set; }
    }
}
