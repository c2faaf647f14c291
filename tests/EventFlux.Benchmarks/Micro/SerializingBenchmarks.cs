using System.Text.Json;
using BenchmarkDotNet.Attributes;
using EventFlux.Contracts.Bookings;
using EventFlux.Silo.Api;
using EventFlux.Tests.Costs;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace EventFlux.Benchmarks.Micro;

/// <summary>A booking as JSON, and as what two silos say to each other.</summary>
public class SerializingBenchmarks
{
    private readonly Serializer _orleans = new ServiceCollection()
        .AddSerializer(builder => builder.AddAssembly(typeof(BookTickets).Assembly))
        .BuildServiceProvider().GetRequiredService<Serializer>();

    private readonly byte[] _request = JsonSerializer.SerializeToUtf8Bytes(
        new CreateBookingRequest(Guid.NewGuid(), 2), ApiJson.Options);

    private readonly BookTickets _command = new(Guid.NewGuid(), 2, null, Guid.NewGuid());
    private readonly BookResult _result = new(BookOutcome.Confirmed, Booking);
    private readonly BookingResponse _response = BookingResponse.From(Booking);
    private byte[] _commandBytes = [];
    private byte[] _resultBytes = [];

    private static BookingSnapshot Booking => new(
        Guid.NewGuid(), "EVT-0000000000000", Guid.NewGuid(), "The hottest event", "A hall",
        MadeCommits.Now.AddDays(30), Guid.NewGuid(), 2, 10m, "USD", BookingStatus.Confirmed, MadeCommits.Now, null,
        20m);

    [GlobalSetup]
    public void Prepare() =>
        (_commandBytes, _resultBytes) = (_orleans.SerializeToArray(_command), _orleans.SerializeToArray(_result));

    [Benchmark]
    public CreateBookingRequest? ReadRequestJson() =>
        JsonSerializer.Deserialize<CreateBookingRequest>(_request, ApiJson.Options);

    [Benchmark]
    public byte[] WriteResponseJson() => JsonSerializer.SerializeToUtf8Bytes(_response, ApiJson.Options);

    [Benchmark]
    public byte[] WriteGrainCall() => _orleans.SerializeToArray(_command);

    [Benchmark]
    public BookTickets ReadGrainCall() => _orleans.Deserialize<BookTickets>(_commandBytes)!;

    [Benchmark]
    public byte[] WriteGrainAnswer() => _orleans.SerializeToArray(_result);

    [Benchmark]
    public BookResult ReadGrainAnswer() => _orleans.Deserialize<BookResult>(_resultBytes)!;
}
