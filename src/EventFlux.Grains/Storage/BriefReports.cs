namespace EventFlux.Grains.Storage;

/// <summary>
/// The reports over all events that pages ask for again and again, whoever asks: each is read once a second at most on
/// a silo, and is as of one instant, a second ago at most. Safe for concurrent use.
/// </summary>
public sealed class BriefReports(DashboardQueries dashboards, AnalyticsQueries analytics, TimeProvider time)
{
    /// <summary>By the currency that was asked for; none as an empty one.</summary>
    private readonly BriefAnswers<string, Dashboard> _dashboards = new(
        currency => dashboards.ReadAsync(
            DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime), currency.Length == 0 ? null : currency,
            CancellationToken.None),
        time);

    private readonly BriefAnswers<int, IReadOnlyList<PopularEvent>> _popular = new(
        limit => analytics.PopularAsync(limit, CancellationToken.None), time);

    /// <summary>An admin's overview; the trend ends with today.</summary>
    /// <param name="currency">Of the amounts; null: the one with the most revenue ever.</param>
    public Task<Dashboard> DashboardAsync(string? currency, CancellationToken cancellationToken) =>
        _dashboards.ReadAsync(currency ?? "", cancellationToken);

    /// <inheritdoc cref="AnalyticsQueries.PopularAsync"/>
    public Task<IReadOnlyList<PopularEvent>> PopularAsync(int limit, CancellationToken cancellationToken) =>
        _popular.ReadAsync(limit, cancellationToken);
}
