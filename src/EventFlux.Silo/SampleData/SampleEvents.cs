using EventFlux.Contracts.Events;

namespace EventFlux.Silo.SampleData;

/// <summary>An event for people who try the program out.</summary>
/// <param name="Id">Always the same, so that loading twice changes nothing.</param>
/// <param name="Days">From the first start to the event.</param>
/// <param name="Sold">Tickets sold from the start.</param>
internal sealed record SampleEvent(
    Guid Id,
    string Name,
    string Category,
    string Venue,
    string Address,
    int Days,
    int Hour,
    int Capacity,
    decimal Price,
    string Currency,
    string Description,
    int Sold = 0)
{
    public EventDetails DetailsFrom(DateTimeOffset today)
    {
        var date = new DateTimeOffset(today.UtcDateTime.Date, TimeSpan.Zero).AddDays(Days).AddHours(Hour);
        return new(Name, Description, Venue, Address, date, Price, Currency, Category, null);
    }
}

/// <summary>A season of made-up events: every category, prices from nothing to dear, one sold out, one
/// nearly.</summary>
internal static class SampleEvents
{
    public static IReadOnlyList<SampleEvent> All { get; } =
    [
        new(Number(1), "Midnight Quartet: Blue Hours", "music", "The Cellar", "14 Harbour Lane, Bristol", 21, 21, 80,
            28.00m, "GBP", "Four players, one microphone, no set list. Doors open an hour before.", Sold: 77),
        new(Number(2), "Clara Winther plays Schubert", "music", "Old Exchange Hall", "2 Market Square, Leeds", 33, 19,
            420, 45.50m, "GBP", "The last three sonatas in one evening, with one interval.", Sold: 96),
        new(Number(3), "Unplugged on the Roof", "music", "Rooftop 9", "9 Fenwick Street, Portland", 12, 20, 24,
            18.00m, "USD", "A very small stage and a very large sky. Bring a jacket.", Sold: 24),
        new(Number(4), "Northern Lights Festival, Weekend Pass", "festival", "Lakeside Park", "Shore Road, Duluth", 120,
            12, 15000, 189.00m, "USD", "Three days, four stages, sixty acts, camping included."),
        new(Number(5), "The Glass Menagerie", "theatre", "Lantern Theatre", "51 King Street, Toronto", 26, 20, 310,
            62.00m, "CAD", "A new staging with a live cellist on stage."),
        new(Number(6), "Improvised Shakespeare", "comedy", "The Trapdoor", "7 Mill Road, Dublin", 9, 20, 120, 22.50m,
            "EUR", "Give them a title and they make the tragedy.", Sold: 31),
        new(Number(7), "Stand-up Open Night", "comedy", "The Trapdoor", "7 Mill Road, Dublin", 5, 20, 120, 0.00m, "EUR",
            "Twelve comedians, five minutes each. Free, but come with a ticket."),
        new(Number(8), "City Derby: Rovers against United", "sports", "Riverside Ground", "Dock Road, Cardiff", 47, 15,
            8200, 34.00m, "GBP", "The match that divides the town, with a family stand."),
        new(Number(9), "Harbour Half Marathon", "sports", "Pier Start Line", "Pier 4, San Diego", 75, 8, 3000, 55.00m,
            "USD", "Flat, fast and by the water. Includes shirt, medal and breakfast."),
        new(Number(10), "Distributed Systems in Practice", "conference", "Congress Centre West",
            "100 Congress Allee, Berlin", 90, 9, 900, 349.00m, "EUR",
            "Two days about clusters, consensus and what breaks at night.", Sold: 140),
        new(Number(11), "Silent Film with Live Organ", "film", "Palace Cinema", "3 Opera Place, Lyon", 18, 20, 260,
            16.00m, "EUR", "A restored print from 1927 and an organist who has never played it the same way twice."),
        new(Number(12), "Bread from Scratch", "workshop", "Flour School", "22 Canal Street, Ghent", 14, 10, 16, 75.00m,
            "EUR", "One day, three loaves, your own sourdough to take home."),
        new(Number(13), "The Dinosaur Puppet Show", "family", "Museum of Natural History", "1 Museum Way, Denver", 11,
            14, 180, 12.00m, "USD", "Life-size puppets for children from four, and for everybody who was ever four."),
        new(Number(14), "Light and Shadow: Opening Night", "exhibition", "Gallery Nord", "8 North Quay, Oslo", 28, 18,
            150, 25.00m, "EUR", "Photographs of polar nights. The artist speaks at seven."),
    ];

    private static Guid Number(int number) => new(0x01970000, 0, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, (byte)number);
}
