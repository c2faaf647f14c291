using System.Text.Json;
using EventFlux.Tests.Api;

namespace EventFlux.Tests.Seats;

/// <summary>Events with a plan of one section, <c>P</c>: rows R1, R2 and on, seats 1, 2 and on.</summary>
internal static class SmallHouse
{
    public static object Plan(int rows, int seats, string section = "P") => new
    {
        focal_point = new { x = 0.5, y = -1 },
        sections = new[]
        {
            new
            {
                code = section,
                name = "Stalls",
                price = 12.5,
                rows = Enumerable.Range(1, rows).Select(row => new
                {
                    label = $"R{row}",
                    seats = Enumerable.Range(1, seats).Select(seat => new
                    {
                        number = $"{seat}", x = seat * 1.5, y = row, kind = seat == 1 ? "wheelchair" : null,
                    }),
                }),
            },
        },
    };

    /// <summary>An event on sale with that many seats.</summary>
    public static async Task<Guid> CreateAsync(ApiCaller admin, int rows, int seats)
    {
        var id = (await admin.PostAsync("/api/events", EventBody.With(("capacity", 1)))).Is(201).Id;
        (await admin.PutAsync($"/api/events/{id}/seats", Plan(rows, seats))).Is(200);
        return id;
    }

    /// <summary>The seats as that caller sees them, which no cache has kept.</summary>
    public static async Task<JsonElement> SeatsAsync(this ApiCaller caller, Guid eventId) =>
        (await caller.GetAsync($"/api/events/{eventId}/seats")).Is(200).Json;
}
