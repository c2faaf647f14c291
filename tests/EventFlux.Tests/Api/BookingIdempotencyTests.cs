using EventFlux.Tests.Users;

namespace EventFlux.Tests.Api;

/// <summary><c>Idempotency-Key</c> on bookings: one key, one booking, one answer.</summary>
[Collection<SharedApi>]
public sealed class BookingIdempotencyTests(ApiFixture api)
{
    [Fact]
    public async Task Repeat_AnswersTheFirstAnswerAgain()
    {
        var (user, eventId) = (api.NewUser(), await api.CreateEventAsync(capacity: 10));
        var first = (await user.BookAsync(eventId, 2, "key")).Is(201);

        var again = (await user.BookAsync(eventId, 2, "key")).Is(201);

        Assert.Equal(first.Json.GetRawText(), again.Json.GetRawText());
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.Equal(1, await BookingsOfAsync(user));
    }

    [Fact]
    public async Task Repeat_WrittenDifferently_IsTheSameRequest()
    {
        var (user, eventId) = (api.NewUser(), await api.CreateEventAsync(capacity: 10));
        var first = (await user.BookAsync(eventId, 2, "key")).Is(201);

        var body = $$"""{  "quantity" : 2,  "event_id":"{{eventId.ToString().ToUpperInvariant()}}"  }""";

        Assert.Equal(first.Id, (await user.PostAsync("/api/bookings", body, "key")).Is(201).Id);
    }

    [Fact]
    public async Task Repeat_WithAnotherBody_IsRefused()
    {
        var user = api.NewUser();
        var (eventId, other) = (await api.CreateEventAsync(capacity: 10), await api.CreateEventAsync(capacity: 10));
        var first = (await user.BookAsync(eventId, 2, "key")).Is(201);

        (await user.BookAsync(eventId, 3, "key")).IsRefusal(422, "IDEMPOTENCY_KEY_REUSED");
        (await user.BookAsync(other, 2, "key")).IsRefusal(422, "IDEMPOTENCY_KEY_REUSED");
        (await user.BookAsync(Guid.NewGuid(), 2, "key")).IsRefusal(422, "IDEMPOTENCY_KEY_REUSED");

        Assert.Equal(1, await BookingsOfAsync(user));
        Assert.Equal(first.Id, (await user.BookAsync(eventId, 2, "key")).Is(201).Id);
    }

    [Fact]
    public async Task Repeat_WithAnInvalidBody_IsInvalid()
    {
        var (user, eventId) = (api.NewUser(), await api.CreateEventAsync(capacity: 10));
        (await user.BookAsync(eventId, 2, "key")).Is(201);

        (await user.BookAsync(eventId, 0, "key")).IsInvalid("quantity");
    }

    [Fact]
    public async Task Repeat_AfterCancelling_AnswersThatBookingAsItIsNow()
    {
        var (user, eventId) = (api.NewUser(), await api.CreateEventAsync(capacity: 10));
        var first = (await user.BookAsync(eventId, 2, "key")).Is(201);
        var cancelled = (await user.CancelAsync(first.Id)).Is(200);

        var again = (await user.BookAsync(eventId, 2, "key")).Is(201);

        Assert.Equal(cancelled.Json.GetRawText(), again.Json.GetRawText());
        Assert.NotEqual(first.Id, (await user.BookAsync(eventId, 2, "another key")).Is(201).Id);
        Assert.Equal(first.Id, (await user.BookAsync(eventId, 2, "key")).Is(201).Id);
    }

    [Fact]
    public async Task Refusal_LeavesNoKey()
    {
        var (user, holder) = (api.NewUser(), api.NewUser());
        var eventId = await api.CreateEventAsync(capacity: 2);
        var held = (await holder.BookAsync(eventId, 2)).Is(201);
        (await user.BookAsync(eventId, 2, "key")).IsRefusal(409, "INSUFFICIENT_AVAILABILITY");
        (await user.BookAsync(Guid.NewGuid(), 2, "key")).IsRefusal(404, "EVENT_NOT_FOUND");
        Assert.Equal(0, await KeysOfAsync(user));
        (await holder.CancelAsync(held.Id)).Is(200);

        var booked = (await user.BookAsync(eventId, 1, "key")).Is(201);

        Assert.Equal(booked.Id, (await user.BookAsync(eventId, 1, "key")).Is(201).Id);
    }

    [Fact]
    public async Task Twins_AtTheSameMoment_AreOneBookingAndOneAnswer()
    {
        var eventId = await api.CreateEventAsync(capacity: 1000);
        for (var round = 0; round < 10; round++)
        {
            var user = api.NewUser();
            var twins = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => user.BookAsync(eventId, 2, "key")));

            Assert.Single(twins.Select(twin => twin.Is(201).Json.GetRawText()).Distinct());
            Assert.Equal((1, 1), (await BookingsOfAsync(user), await KeysOfAsync(user)));
        }
    }

    [Fact]
    public async Task Twins_WithTwoBodies_BookOnce()
    {
        var (user, eventId) = (api.NewUser(), await api.CreateEventAsync(capacity: 1000));

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(i => user.BookAsync(eventId, 1 + (i % 2), "key")));

        Assert.Single(answers.Where(answer => answer.Status == 201).Select(answer => answer.Id).Distinct());
        Assert.All(
            answers.Where(answer => answer.Status != 201),
            answer => answer.IsRefusal(422, "IDEMPOTENCY_KEY_REUSED"));
        Assert.Equal(8, answers.Count(answer => answer.Status == 201));
    }

    [Fact]
    public async Task Key_BelongsToItsUser()
    {
        var eventId = await api.CreateEventAsync(capacity: 10);

        var one = (await api.NewUser().BookAsync(eventId, 2, "key")).Is(201);
        var other = (await api.NewUser().BookAsync(eventId, 3, "key")).Is(201);

        Assert.NotEqual(one.Id, other.Id);
    }

    [Fact]
    public async Task SecondBooking_WithAKeyOfItsOwn_IsADuplicate()
    {
        var (user, eventId) = (api.NewUser(), await api.CreateEventAsync(capacity: 10));
        (await user.BookAsync(eventId, 2, "key")).Is(201);

        (await user.BookAsync(eventId, 2, "another key")).IsRefusal(409, "DUPLICATE_BOOKING");
        Assert.Equal(1, await KeysOfAsync(user));
    }

    [Fact]
    public async Task Repeat_AfterTheSiloStartedAnew_AnswersTheSame()
    {
        var (user, eventId) = (api.NewUser(), await api.CreateEventAsync(capacity: 10));
        var first = (await user.BookAsync(eventId, 2, "key")).Is(201);

        await api.RestartAsync();

        Assert.Equal(first.Json.GetRawText(), (await user.BookAsync(eventId, 2, "key")).Is(201).Json.GetRawText());
    }

    private Task<long> BookingsOfAsync(ApiCaller user) =>
        api.Database.ScalarAsync<long>("SELECT count(*) FROM bookings WHERE user_id = $1", user.Id);

    private Task<long> KeysOfAsync(ApiCaller user) =>
        api.Database.ScalarAsync<long>("SELECT count(*) FROM idempotency_keys WHERE user_id = $1", user.Id);
}
