using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NJsonSchema.CodeGeneration.CSharp;
using NSwag;
using NSwag.CodeGeneration.CSharp;
using NSwag.CodeGeneration.OperationNameGenerators;

namespace EventFlux.Tests.Api;

/// <summary>A client that a stock generator makes of the published document, compiled as it comes, does a customer's
/// errands.</summary>
[Collection<SharedApi>]
public sealed class GeneratedClientTests(ApiFixture api)
{
    /// <summary>Written against the generated types: renamed or retyped members don't compile.</summary>
    private const string Journey = """
        using System;
        using System.Linq;
        using System.Net.Http;
        using System.Net.Http.Headers;
        using System.Threading.Tasks;
        using Generated;

        public static class Journey
        {
            public static async Task<Guid> RunAsync(HttpClient http, Guid eventId, string email)
            {
                var client = new EventFluxClient(http) { BaseUrl = http.BaseAddress.ToString() };
                await client.RegisterAsync(new RegisterUserRequest
                    { Email = email, Password = "correct horse battery", First_name = "Ada", Last_name = "Moss" });
                var session = await client.LogInAsync(
                    new LogInRequest { Email = email, Password = "correct horse battery" });
                http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", session.Token);
                Expect((await client.GetProfileAsync()).Email == email, "profile");

                var found = await client.GetEventAsync(eventId);
                Expect(found.Price == 19.99m && found.Available_tickets == 4, "event");
                var booking = await client.CreateBookingAsync(
                    body: new CreateBookingRequest { Event_id = eventId, Quantity = 3 });
                Expect(booking.Total_amount == 59.97m && booking.Cancelled_at is null, "booking");
                await ExpectAsync(409, "DUPLICATE_BOOKING", () => client.CreateBookingAsync(
                    body: new CreateBookingRequest { Event_id = eventId, Quantity = 1 }));

                var page = await client.ListBookingsAsync(limit: 1);
                Expect(page.Items.Single().Id == booking.Id && page.Total == 1 && page.Next_cursor is null, "list");
                var cancelled = await client.CancelBookingAsync(booking.Id);
                Expect(cancelled.Status == "cancelled" && cancelled.Cancelled_at is not null, "cancelled");
                await ExpectAsync(409, "BOOKING_ALREADY_CANCELLED", () => client.CancelBookingAsync(booking.Id));
                return booking.Id;
            }

            private static async Task ExpectAsync(int status, string code, Func<Task> call)
            {
                try
                {
                    await call();
                }
                catch (ApiException<Problem> refusal)
                {
                    Expect(refusal.StatusCode == status && refusal.Result.Code.ToString() == code, code);
                    return;
                }

                Expect(false, code);
            }

            private static void Expect(bool isSo, string what)
            {
                if (!isSo) throw new InvalidOperationException(what);
            }
        }
        """;

    [Fact]
    public async Task GeneratedClient_RegistersLogsInBooksAndCancels()
    {
        var run = Compile(await GenerateAsync(), Journey).GetType("Journey")!.GetMethod("RunAsync")!;
        var eventId = await api.CreateEventAsync(capacity: 4, price: 19.99m);
        using var http = new HttpClient { BaseAddress = api.Client.BaseAddress };

        var booked = await (Task<Guid>)run.Invoke(null, [http, eventId, $"{Guid.NewGuid():N}@shop.example"])!;

        var booking = (await api.NewAdmin().GetAsync($"/api/bookings/{booked}")).Is(200);
        Assert.Equal(("cancelled", 3), (booking.Text("status"), booking.Int("quantity")));
    }

    private async Task<string> GenerateAsync()
    {
        var json = await api.Client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken);
        var document = await OpenApiDocument.FromJsonAsync(json, TestContext.Current.CancellationToken);
        return new CSharpClientGenerator(document, new()
        {
            ClassName = "EventFluxClient",
            GenerateOptionalParameters = true,
            OperationNameGenerator = new SingleClientFromOperationIdOperationNameGenerator(),
            CSharpGeneratorSettings = { Namespace = "Generated", JsonLibrary = CSharpJsonLibrary.SystemTextJson },
        }).GenerateFile();
    }

    private static Assembly Compile(params string[] sources)
    {
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        var compilation = CSharpCompilation.Create(
            "GeneratedClient", sources.Select(source => CSharpSyntaxTree.ParseText(source)),
            platform.Select(path => MetadataReference.CreateFromFile(path)),
            new(OutputKind.DynamicallyLinkedLibrary));
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics
            .Where(fault => fault.Severity == DiagnosticSeverity.Error).Take(20)));
        return Assembly.Load(image.ToArray());
    }
}
