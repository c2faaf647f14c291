using System.Globalization;
using EventFlux.Contracts;
using EventFlux.Grains.Storage;
using EventFlux.Silo.Api;

namespace EventFlux.Silo.AdminConsole.Parts;

/// <summary>An event as it is typed into a form. It becomes the bodies that the API takes, so that the API's own rules
/// judge it; only what is no number or no date at all is found here. Members left empty are left out, or
/// cleared.</summary>
public sealed class EventForm
{
    /// <summary>How an instant is typed; UTC.</summary>
    public const string InstantFormat = "yyyy-MM-dd HH:mm";

    private readonly TypedValues _values = new();

    public string Name { get; set; } = "";
    public string Venue { get; set; } = "";
    public string EventDate { get; set; } = "";
    public string Capacity { get; set; } = "";
    public string Price { get; set; } = "";
    public string Currency { get; set; } = "USD";
    public string Category { get; set; } = "";
    public string Address { get; set; } = "";
    public string Description { get; set; } = "";
    public string ImageUrl { get; set; } = "";
    public string Status { get; set; } = "active";

    /// <summary>Capacity and price follow from the event's seat plan.</summary>
    public bool IsSeated { get; private init; }

    /// <summary>What could not be read, by the members' names on the wire.</summary>
    public IReadOnlyDictionary<string, string[]> Faults => _values.Faults;

    public static EventForm Of(EventRow row) => new()
    {
        Name = row.Details.Name,
        Venue = row.Details.Venue,
        EventDate = Text(row.Details.EventDate),
        Capacity = row.Capacity.ToString(CultureInfo.InvariantCulture),
        Price = row.Details.Price.ToString("F2", CultureInfo.InvariantCulture),
        Currency = row.Details.Currency,
        Category = row.Details.Category ?? "",
        Address = row.Details.Address ?? "",
        Description = row.Details.Description ?? "",
        ImageUrl = row.Details.ImageUrl ?? "",
        Status = row.Status.ToText(),
        IsSeated = row.IsSeated,
    };

    public CreateEventRequest ToCreate()
    {
        _values.Clear();
        return new(
            OrNull(Name), OrNull(Venue), Instant(), Integer(), Number(), OrNull(Description), OrNull(Address),
            OrNull(Currency), OrNull(Category), OrNull(ImageUrl), Status);
    }

    /// <summary>Only what differs from the event that the form was filled with: what somebody else changes meanwhile,
    /// and a past event's date, are left alone.</summary>
    public UpdateEventRequest ToUpdate(EventForm before)
    {
        _values.Clear();
        return new(
            Changed(Name, before.Name, OrNull(Name)),
            Changed(Description, before.Description, OrNull(Description)),
            Changed(Venue, before.Venue, OrNull(Venue)),
            Changed(Address, before.Address, OrNull(Address)),
            Changed(EventDate, before.EventDate, Instant()),
            Changed(Capacity, before.Capacity, Integer()),
            Changed(Price, before.Price, Number()),
            Changed(Currency, before.Currency, OrNull(Currency)),
            Changed(Category, before.Category, OrNull(Category)),
            Changed(ImageUrl, before.ImageUrl, OrNull(ImageUrl)),
            Changed<string?>(Status, before.Status, Status));
    }

    private static Optional<T> Changed<T>(string now, string before, T value) =>
        now == before ? default : new Optional<T>(value);

    private static string Text(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString(InstantFormat, CultureInfo.InvariantCulture);

    private static string? OrNull(string? text) => TypedValues.OrNull(text);

    private DateTimeOffset? Instant() => _values.Instant("event_date", EventDate);

    private int? Integer() => _values.Whole("capacity", Capacity);

    private decimal? Number() => _values.Number("price", Price);
}
