using EventFlux.Contracts.Events;
using EventFlux.Contracts.Maintenance;
using EventFlux.Grains.Storage;
using Microsoft.Extensions.Logging;

namespace EventFlux.Grains.Maintenance;

/// <summary>
/// Makes the clock's work happen: finds by an index what is due, in pages, and pokes the events, which decide for
/// themselves; removes what is kept long enough. A missed tick costs a minute, since whatever is due stays due.
/// </summary>
[GrainType("maintenance")]
internal sealed partial class MaintenanceGrain(
    [PersistentState("maintenance")] IPersistentState<MaintenanceState> state,
    MaintenanceQueries queries,
    MaintenanceOptions options,
    MaintenanceMetrics metrics,
    TimeProvider time,
    ILogger<MaintenanceGrain> logger) : Grain, IMaintenanceGrain, IRemindable
{
    private const string Reminder = "every-minute";

    /// <summary>Events poked at the same time: enough to hide a commit's latency, few beside a sale's
    /// traffic.</summary>
    private const int EventsAtOnce = 16;

    /// <summary>Rows that one statement sums up: a few milliseconds, for which a sale of one of those events has to
    /// wait.</summary>
    private const int RowsAtOnce = 200;

    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public async Task ScheduleAsync()
    {
        // Registering anew would move the next tick away; silos that start one after the other would starve it.
        if (await this.GetReminder(Reminder) is null) await this.RegisterOrUpdateReminder(Reminder, Period, Period);
    }

    /// <inheritdoc/>
    public Task ReceiveReminder(string reminderName, TickStatus status) => RunAsync();

    /// <inheritdoc/>
    public Task<IReadOnlyList<JobRun>> GetLastRunsAsync() =>
        Task.FromResult<IReadOnlyList<JobRun>>([.. state.State.LastRuns.Values]);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<JobRun>> RunAsync(CancellationToken cancellationToken = default)
    {
        await RunJobAsync("complete-events", CompleteEventsAsync, cancellationToken);
        await RunJobAsync("end-offers", EndOffersAsync, cancellationToken);
        await RunJobAsync("end-holds", EndHoldsAsync, cancellationToken);
        await RunJobAsync("remove-cancelled-bookings", RemoveCancelledBookingsAsync, cancellationToken);
        await RunJobAsync("remove-idempotency-keys", RemoveIdempotencyKeysAsync, cancellationToken);
        await RunJobAsync("remove-ended-holds", RemoveEndedHoldsAsync, cancellationToken);
        await RunJobAsync("remove-outbox-facts", RemoveOutboxFactsAsync, cancellationToken);
        await RunJobAsync("close-days", CloseDaysAsync, cancellationToken);
        await RunJobAsync("sum-up-events", SumUpEventsAsync, cancellationToken);
        await state.WriteStateAsync(cancellationToken);
        return await GetLastRunsAsync();
    }

    /// <summary>One job's fault is written down and stops no other.</summary>
    private async Task RunJobAsync(string name, Func<JobContext, Task> job, CancellationToken cancellationToken)
    {
        var startedAt = time.GetUtcNow();
        var context = new JobContext(startedAt, time, options.JobTimeLimit, cancellationToken);
        string? error = null;
        try
        {
            await job(context);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            error = exception.GetType().Name;
            LogJobFailed(name, exception);
        }

        var run = new JobRun(name, startedAt, context.Elapsed, context.Processed, context.Failed, error);
        state.State.LastRuns[name] = run;
        metrics.Record(run);
        if (run.Processed > 0 || run.Failed > 0)
            LogJobRan(name, run.Processed, run.Failed, (long)run.Duration.TotalMilliseconds);
    }

    private Task CompleteEventsAsync(JobContext job) => PokeAsync(job, queries.FindEventsPastTheirDateAsync);

    private Task EndOffersAsync(JobContext job) => PokeAsync(job, queries.FindOffersPastTheirEndAsync);

    private Task EndHoldsAsync(JobContext job) => PokeAsync(job, queries.FindHoldsPastTheirEndAsync);

    private Task RemoveCancelledBookingsAsync(JobContext job) =>
        options.CancelledBookingRetention is { } kept
            ? RemoveAsync(job, kept, queries.RemoveCancelledBookingsAsync)
            : Task.CompletedTask;

    private Task RemoveIdempotencyKeysAsync(JobContext job) =>
        RemoveAsync(job, options.IdempotencyKeyRetention, queries.RemoveIdempotencyKeysAsync);

    /// <summary>Never before its key, whose age counts from the hold's beginning.</summary>
    private Task RemoveEndedHoldsAsync(JobContext job) =>
        RemoveAsync(job, options.IdempotencyKeyRetention, queries.RemoveEndedHoldsAsync);

    private Task RemoveOutboxFactsAsync(JobContext job) =>
        RemoveAsync(job, options.OutboxRetention, queries.RemoveOutboxFactsAsync);

    private async Task CloseDaysAsync(JobContext job)
    {
        // Today's rows too: what sells no more this minute is read as a sum.
        var tomorrow = DateOnly.FromDateTime(job.StartedAt.UtcDateTime).AddDays(1);
        while (job.MayGoOn)
        {
            var closed = await queries.CloseDaysAsync(tomorrow, RowsAtOnce, job.CancellationToken);
            job.Processed += closed;
            if (closed < RowsAtOnce) return;
        }
    }

    private async Task SumUpEventsAsync(JobContext job)
    {
        while (job.MayGoOn)
        {
            var notes = await queries.SumUpEventsAsync(RowsAtOnce, job.CancellationToken);
            job.Processed += notes;
            if (notes < RowsAtOnce) return;
        }
    }

    private async Task PokeAsync(
        JobContext job, Func<DateTimeOffset, DueEvent?, int, CancellationToken, Task<List<DueEvent>>> find)
    {
        // Pages go on after the last one's end even where an event failed: one that can't be helped holds up no other.
        DueEvent? last = null;
        while (job.MayGoOn)
        {
            var page = await find(job.StartedAt, last, options.PageSize, job.CancellationToken);
            foreach (var events in page.Select(due => due.EventId).Distinct().Chunk(EventsAtOnce))
                await Task.WhenAll(events.Select(id => PokeAsync(job, id)));
            if (page.Count < options.PageSize) return;
            last = page[^1];
        }
    }

    private async Task PokeAsync(JobContext job, Guid eventId)
    {
        try
        {
            await GrainFactory.GetGrain<IEventGrain>(eventId).AdvanceTimeAsync(job.CancellationToken);
            job.Processed++;
        }
        catch (Exception exception) when (!job.CancellationToken.IsCancellationRequested)
        {
            job.Failed++;
            LogEventFailed(eventId, exception);
        }
    }

    private async Task RemoveAsync(
        JobContext job, TimeSpan kept, Func<DateTimeOffset, int, CancellationToken, Task<int>> remove)
    {
        while (job.MayGoOn)
        {
            var removed = await remove(job.StartedAt - kept, options.PageSize, job.CancellationToken);
            job.Processed += removed;
            if (removed < options.PageSize) return;
        }
    }

    [LoggerMessage(LogLevel.Information, "{Job}: {Processed} done, {Failed} left, {Milliseconds} ms")]
    private partial void LogJobRan(string job, int processed, int failed, long milliseconds);

    [LoggerMessage(LogLevel.Error, "{Job} ended early; the next tick goes on")]
    private partial void LogJobFailed(string job, Exception exception);

    [LoggerMessage(LogLevel.Warning, "Event {EventId} could not do what is due; the next tick tries again")]
    private partial void LogEventFailed(Guid eventId, Exception exception);

    /// <summary>One run of one job: its limits and its tally. Used on the grain's scheduler only.</summary>
    private sealed class JobContext(
        DateTimeOffset startedAt, TimeProvider time, TimeSpan limit, CancellationToken cancellationToken)
    {
        private readonly long _timestamp = time.GetTimestamp();

        public DateTimeOffset StartedAt { get; } = startedAt;

        public CancellationToken CancellationToken { get; } = cancellationToken;

        public int Processed { get; set; }

        public int Failed { get; set; }

        public TimeSpan Elapsed => time.GetElapsedTime(_timestamp);

        public bool MayGoOn => Elapsed < limit && !CancellationToken.IsCancellationRequested;
    }
}
