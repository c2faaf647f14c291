using EventFlux.Contracts.Events;
using EventFlux.Grains.Storage;
using EventFlux.Silo.Api.OpenApi;
using Microsoft.OpenApi;

namespace EventFlux.Silo.Api;

/// <summary>The filters of a list of events, as they stand in the query.</summary>
internal static class EventFilterQuery
{
    /// <param name="otherwise">Which status is shown when none is asked for.</param>
    public static QueryParameter[] Parameters(string otherwise) =>
    [
        new("category", JsonSchemaType.String, "Only that category, in any case."),
        new("search", JsonSchemaType.String, "Words of name, venue and description; the last may be a beginning."),
        new("date_from", JsonSchemaType.String, "From that day or instant on."),
        new("date_to", JsonSchemaType.String, "Until that day or instant, inclusive."),
        new("available_only", JsonSchemaType.Boolean, "Only events with free tickets."),
        new("status", JsonSchemaType.String, otherwise, null, "active", "draft", "cancelled", "completed"),
        new(
            "sort_by", JsonSchemaType.String, "By date when left out.", null,
            "event_date", "price", "capacity", "name"),
        new("sort_order", JsonSchemaType.String, "Ascending when left out.", null, "asc", "desc"),
    ];

    /// <param name="otherwise">The status when none is asked for; null: any.</param>
    public static EventFilter Read(QueryReader query, EventStatus? otherwise) => new(
        query.Choice(
            "status",
            ("active", EventStatus.Active), ("draft", EventStatus.Draft), ("cancelled", EventStatus.Cancelled),
            ("completed", EventStatus.Completed)) ?? otherwise,
        query.Words("category", maxLength: 100),
        query.Words("search"),
        query.InstantOrDay("date_from"),
        query.InstantOrDay("date_to", end: true),
        query.Boolean("available_only") ?? false,
        query.Choice(
            "sort_by",
            ("event_date", EventOrder.EventDate), ("price", EventOrder.Price), ("capacity", EventOrder.Capacity),
            ("name", EventOrder.Name)) ?? EventOrder.EventDate,
        query.Choice("sort_order", ("asc", false), ("desc", true)) ?? false);
}
