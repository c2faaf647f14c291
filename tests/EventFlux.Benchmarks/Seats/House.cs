using System.Net.Http.Json;
using EventFlux.Contracts.Users;

namespace EventFlux.Benchmarks.Seats;

/// <summary>An event with seats over HTTP: sections one behind the other, each of rows of the same length.</summary>
internal sealed class House(Bench bench, int sections, int rows, int seats)
{
    public int Seats => sections * rows * seats;

    public static string IdOf(int section, int row, int seat) => $"S{section}-{row}-{seat}";

    /// <summary>The rows, as the ids of their seats side by side.</summary>
    public IEnumerable<string[]> Rows =>
        from section in Enumerable.Range(1, sections)
        from row in Enumerable.Range(1, rows)
        select Enumerable.Range(1, seats).Select(seat => IdOf(section, row, seat)).ToArray();

    public async Task<Guid> OpenAsync()
    {
        var id = await bench.CreateEventAsync(1);
        var plan = new
        {
            focal_point = new { x = seats / 2.0, y = 0 },
            sections = Enumerable.Range(1, sections).Select(section => new
            {
                code = $"S{section}",
                name = $"Section {section}",
                price = 100 - (10 * section),
                rows = Enumerable.Range(1, rows).Select(row => new
                {
                    label = $"{row}",
                    seats = Enumerable.Range(1, seats).Select(seat => new
                    {
                        number = $"{seat}", x = seat, y = (section * rows) + row,
                    }),
                }),
            }),
        };
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/events/{id}/seats")
        {
            Content = JsonContent.Create(plan),
        };
        request.Headers.Authorization = new("Bearer", bench.NewToken(UserRole.Admin));
        using var answer = await bench.Silo.Http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return id;
    }
}
