using EventFlux.Tests.Users;

namespace EventFlux.Tests.Api;

/// <summary><c>Idempotency-Key</c> on joining a waitlist.</summary>
[Collection<SharedApi>]
public sealed class WaitlistIdempotencyTests(ApiFixture api)
{
    [Fact]
    public async Task Repeat_AnswersTheEntryAsItIsNow()
    {
        var (user, holder) = (api.NewUser(), api.NewUser());
        var eventId = await api.CreateEventAsync(capacity: 2);
        var held = (await holder.BookAsync(eventId, 2)).Is(201);
        var first = (await user.JoinAsync(eventId, 2, "key")).Is(201);

        Assert.Equal(first.Json.GetRawText(), (await user.JoinAsync(eventId, 2, "key")).Is(201).Json.GetRawText());

        (await holder.CancelAsync(held.Id)).Is(200);
        var offered = (await user.JoinAsync(eventId, 2, "key")).Is(201);
        Assert.Equal((first.Id, "notified"), (offered.Id, offered.Text("status")));

        (await user.LeaveAsync(eventId)).Is(204);
        var left = (await user.JoinAsync(eventId, 2, "key")).Is(201);
        Assert.Equal((first.Id, "left"), (left.Id, left.Text("status")));
        Assert.Equal(1, await EntriesOfAsync(user));
    }

    [Fact]
    public async Task Repeat_AfterTheOfferWasBooked_AnswersTheConvertedEntry()
    {
        var (user, holder) = (api.NewUser(), api.NewUser());
        var eventId = await api.CreateEventAsync(capacity: 2);
        var held = (await holder.BookAsync(eventId, 2)).Is(201);
        var first = (await user.JoinAsync(eventId, 2, "key")).Is(201);
        (await holder.CancelAsync(held.Id)).Is(200);
        (await user.BookAsync(eventId, 2)).Is(201);

        var again = (await user.JoinAsync(eventId, 2, "key")).Is(201);

        Assert.Equal((first.Id, "converted"), (again.Id, again.Text("status")));
    }

    [Fact]
    public async Task Repeat_WithAnotherBody_IsRefused()
    {
        var user = api.NewUser();
        var (eventId, other) = (await SoldOutAsync(), await SoldOutAsync());
        (await user.JoinAsync(eventId, 2, "key")).Is(201);

        (await user.JoinAsync(eventId, 3, "key")).IsRefusal(422, "IDEMPOTENCY_KEY_REUSED");
        (await user.JoinAsync(other, 2, "key")).IsRefusal(422, "IDEMPOTENCY_KEY_REUSED");

        Assert.Equal(1, await EntriesOfAsync(user));
    }

    [Fact]
    public async Task Twins_AtTheSameMoment_AreOneEntryAndOneAnswer()
    {
        var eventId = await SoldOutAsync();
        for (var round = 0; round < 10; round++)
        {
            var user = api.NewUser();
            var twins = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => user.JoinAsync(eventId, 2, "key")));

            Assert.Single(twins.Select(twin => twin.Is(201).Json.GetRawText()).Distinct());
            Assert.Equal(round + 1, twins[0].Int("position"));
            Assert.Equal(1, await EntriesOfAsync(user));
        }
    }

    [Fact]
    public async Task Refusal_LeavesNoKey()
    {
        var user = api.NewUser();
        var eventId = await api.CreateEventAsync(capacity: 2);
        (await user.JoinAsync(eventId, 2, "key")).IsRefusal(409, "TICKETS_STILL_AVAILABLE");
        (await api.NewUser().BookAsync(eventId, 2)).Is(201);

        (await user.JoinAsync(eventId, 1, "key")).Is(201);
    }

    [Fact]
    public async Task Keys_OfBookingsAndTheWaitlist_AreApart()
    {
        var user = api.NewUser();
        var (free, soldOut) = (await api.CreateEventAsync(capacity: 2), await SoldOutAsync());

        var booked = (await user.BookAsync(free, 2, "key")).Is(201);
        var joined = (await user.JoinAsync(soldOut, 1, "key")).Is(201);

        Assert.Equal(booked.Id, (await user.BookAsync(free, 2, "key")).Is(201).Id);
        Assert.Equal(joined.Id, (await user.JoinAsync(soldOut, 1, "key")).Is(201).Id);
    }

    [Fact]
    public async Task MalformedKey_IsRefusedAndJoinsNothing()
    {
        var user = api.NewUser();

        (await user.JoinAsync(await SoldOutAsync(), 1, "")).IsInvalid("Idempotency-Key");

        Assert.Equal(0, await EntriesOfAsync(user));
    }

    private async Task<Guid> SoldOutAsync()
    {
        var eventId = await api.CreateEventAsync(capacity: 1);
        (await api.NewUser().BookAsync(eventId)).Is(201);
        return eventId;
    }

    private Task<long> EntriesOfAsync(ApiCaller user) =>
        api.Database.ScalarAsync<long>("SELECT count(*) FROM waitlist_entries WHERE user_id = $1", user.Id);
}
