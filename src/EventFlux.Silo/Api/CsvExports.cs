using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using EventFlux.Contracts;
using EventFlux.Grains.Storage;

namespace EventFlux.Silo.Api;

/// <summary>
/// Whole lists as CSV files (RFC 4180), for the API and the console alike. Rows go out as they are read, as fast as the
/// client takes them. A few at a time: each keeps the database at work for as long as it runs. Safe for concurrent use.
/// </summary>
internal sealed class CsvExports(BookingExports exports) : IDisposable
{
    public const string ContentType = "text/csv; charset=utf-8";

    /// <summary>How many rows follow, so that a client can show how far it has come.</summary>
    public const string TotalHeader = "X-Total-Count";

    /// <summary>Under way on a silo.</summary>
    public const int AtOnce = 4;

    /// <summary>How long one may take, in place of a request's usual time.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(10);

    private static readonly Problem Busy = new(
        ErrorCode.ServiceUnavailable, "Several exports are under way; try again in a moment.")
    {
        RetryAfter = TimeSpan.FromSeconds(10),
    };

    private static readonly CsvConfiguration Rfc4180 =
        new(CultureInfo.InvariantCulture) { Mode = CsvMode.RFC4180, NewLine = "\r\n" };

    private static readonly CsvColumn<BookingExportRow>[] BookingColumns =
    [
        CsvColumn<BookingExportRow>.Text("booking_reference", row => row.Reference),
        CsvColumn<BookingExportRow>.Text("status", row => row.Status.ToText()),
        CsvColumn<BookingExportRow>.Ours("quantity", row => row.Quantity),
        CsvColumn<BookingExportRow>.Amount("unit_price", row => row.UnitPrice),
        CsvColumn<BookingExportRow>.Amount("total_amount", row => row.TotalAmount),
        CsvColumn<BookingExportRow>.Text("currency", row => row.Currency),
        CsvColumn<BookingExportRow>.Instant("booked_at", row => row.BookedAt),
        CsvColumn<BookingExportRow>.Instant("cancelled_at", row => row.CancelledAt),
        CsvColumn<BookingExportRow>.Text("first_name", row => row.FirstName),
        CsvColumn<BookingExportRow>.Text("last_name", row => row.LastName),
        CsvColumn<BookingExportRow>.Text("email", row => row.Email),
        CsvColumn<BookingExportRow>.Ours("user_id", row => row.UserId),
        CsvColumn<BookingExportRow>.Ours("id", row => row.Id),
    ];

    private static readonly CsvColumn<DailyFigures>[] DayColumns =
    [
        CsvColumn<DailyFigures>.Day("date", row => row.Date),
        CsvColumn<DailyFigures>.Ours("bookings", row => row.Figures.Bookings),
        CsvColumn<DailyFigures>.Ours("tickets", row => row.Figures.Tickets),
        CsvColumn<DailyFigures>.Amount("revenue", row => row.Figures.Revenue),
        CsvColumn<DailyFigures>.Ours("cancellations", row => row.Figures.Cancellations),
        CsvColumn<DailyFigures>.Amount("refunded", row => row.Figures.Refunded),
        CsvColumn<DailyFigures>.Text("currency", row => row.Currency),
        CsvColumn<DailyFigures>.Ours("waitlist_joins", row => row.Figures.WaitlistJoins),
        CsvColumn<DailyFigures>.Ours("offers", row => row.Figures.Offers),
        CsvColumn<DailyFigures>.Ours("conversions", row => row.Figures.Conversions),
    ];

    private readonly SemaphoreSlim _slots = new(AtOnce, AtOnce);

    /// <summary>The event's bookings, newest first. Whether the actor may see them is the caller's business; that they
    /// were taken out is written to the audit log here.</summary>
    public IResult Bookings(Guid eventId, Actor by) => new Answer(context => WriteAsync(
        context, $"event-{eventId:D}-bookings.csv", BookingColumns,
        token => exports.OfEventAsync(eventId, by, token)));

    /// <summary>One row a day, today last.</summary>
    public IResult Daily(DayRange days, string? currency) => new Answer(context => WriteAsync(
        context, FormattableString.Invariant($"bookings-{days.First:yyyy-MM-dd}-{days.Last:yyyy-MM-dd}.csv"),
        DayColumns, token => exports.DailyAsync(days, currency, token)));

    public void Dispose() => _slots.Dispose();

    private async Task WriteAsync<TRow>(
        HttpContext context, string fileName, CsvColumn<TRow>[] columns,
        Func<CancellationToken, Task<Export<TRow>>> begin)
    {
        if (!await _slots.WaitAsync(TimeSpan.Zero, context.RequestAborted))
        {
            await Busy.ExecuteAsync(context);
            return;
        }

        try
        {
            var export = await begin(context.RequestAborted);
            var headers = context.Response.Headers;
            headers.ContentType = ContentType;
            headers.ContentDisposition = $"attachment; filename=\"{fileName}\"";
            headers[TotalHeader] = export.Total.ToString(CultureInfo.InvariantCulture);
            await WriteRowsAsync(context, columns, export.Rows);
        }
        catch when (context.Response.HasStarted)
        {
            // Half a file must not look like a whole one.
            context.Abort();
            throw;
        }
        finally
        {
            _slots.Release();
        }
    }

    private static async Task WriteRowsAsync<TRow>(
        HttpContext context, CsvColumn<TRow>[] columns, IAsyncEnumerable<TRow> rows)
    {
        // No byte order mark: it would be part of the first column's name to whatever reads by the book.
        await using var writer = new StreamWriter(context.Response.Body, new UTF8Encoding(false), leaveOpen: true);
        await using var csv = new CsvWriter(writer, Rfc4180, leaveOpen: true);
        foreach (var column in columns) csv.WriteField(column.Name);
        await csv.NextRecordAsync();
        await foreach (var row in rows.WithCancellation(context.RequestAborted))
        {
            foreach (var column in columns) csv.WriteField(column.Cell(row));
            await csv.NextRecordAsync();
        }
    }

    private sealed class Answer(Func<HttpContext, Task> write) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => write(httpContext);
    }
}
