using EventFlux.Contracts.Bookings;
using EventFlux.Contracts.Events;
using EventFlux.Contracts.RateLimiting;
using EventFlux.Contracts.Users;
using EventFlux.Contracts.Waitlist;
using EventFlux.Grains.Users;
using EventFlux.Silo.Api;
using ErrorCode = EventFlux.Silo.Api.ErrorCode;

namespace EventFlux.Tests.Api;

/// <summary>Every code and every outcome has its place in the map.</summary>
public sealed class ProblemsTests
{
    /// <summary>The codes of the contract, beside <c>INTERNAL_ERROR</c>, which it leaves unsaid.</summary>
    private static readonly Dictionary<int, string[]> Contract = new()
    {
        [400] = ["VALIDATION_ERROR", "MALFORMED_REQUEST"],
        [401] = ["MISSING_TOKEN", "INVALID_TOKEN", "TOKEN_EXPIRED", "INVALID_CREDENTIALS"],
        [403] = ["INSUFFICIENT_PERMISSIONS"],
        [404] =
        [
            "EVENT_NOT_FOUND", "BOOKING_NOT_FOUND", "USER_NOT_FOUND", "WAITLIST_ENTRY_NOT_FOUND", "ROUTE_NOT_FOUND",
        ],
        [405] = ["METHOD_NOT_ALLOWED"],
        [409] =
        [
            "USER_ALREADY_EXISTS", "INSUFFICIENT_AVAILABILITY", "DUPLICATE_BOOKING", "EVENT_NOT_BOOKABLE",
            "CANCELLATION_DEADLINE_PASSED", "BOOKING_ALREADY_CANCELLED", "EVENT_HAS_BOOKINGS",
            "CAPACITY_BELOW_BOOKED", "TICKETS_STILL_AVAILABLE", "ALREADY_ON_WAITLIST",
        ],
        [412] = ["PRECONDITION_FAILED"],
        [413] = ["BODY_TOO_LARGE"],
        [415] = ["UNSUPPORTED_MEDIA_TYPE"],
        [422] = ["IDEMPOTENCY_KEY_REUSED"],
        [429] =
        [
            "RATE_LIMIT_EXCEEDED", "AUTH_RATE_LIMIT_EXCEEDED", "BOOKING_RATE_LIMIT_EXCEEDED",
            "ADMIN_RATE_LIMIT_EXCEEDED",
        ],
        [500] = ["INTERNAL_ERROR"],
        [503] = ["SERVICE_UNAVAILABLE"],
    };

    [Fact]
    public void StatusOf_EveryCode_IsTheContracts()
    {
        var mapped = Enum.GetValues<ErrorCode>().ToDictionary(Problems.NameOf, Problems.StatusOf);

        var expected = Contract.SelectMany(row => row.Value.Select(code => (code, row.Key))).ToDictionary();
        foreach (var (code, status) in expected) Assert.Equal((code, status), (code, mapped.GetValueOrDefault(code)));
    }

    [Fact]
    public void TitleAndType_OfEveryCode_AreItsOwn()
    {
        var codes = Enum.GetValues<ErrorCode>();

        Assert.Equal(codes.Length, codes.Select(Problems.TitleOf).Distinct().Count());
        Assert.Equal(codes.Length, codes.Select(Problems.TypeOf).Distinct().Count());
        Assert.All(codes, code => Assert.True(Uri.TryCreate(Problems.TypeOf(code), UriKind.Absolute, out _)));
    }

    [Fact]
    public void CodeOf_EveryTier_IsACodeOfItsOwnForTooManyRequests()
    {
        var codes = Enum.GetValues<RateLimitTier>().Select(Problems.CodeOf).ToArray();

        Assert.Equal(codes.Length, codes.Distinct().Count());
        Assert.All(codes, code => Assert.Equal(429, Problems.StatusOf(code)));
    }

    [Fact]
    public void Of_EveryOutcome_IsAProblemUnlessItSucceeded()
    {
        AssertMapped(BookOutcome.Confirmed, outcome => Problems.Of(new BookResult(outcome)));
        AssertMapped(JoinWaitlistOutcome.Joined, outcome => Problems.Of(new JoinWaitlistResult(outcome)));
        AssertMapped(LeaveWaitlistOutcome.Left, Problems.Of);
        AssertMapped(CancelBookingOutcome.Cancelled, Problems.Of);
        AssertMapped(UpdateEventOutcome.Updated, outcome => Problems.Of(new UpdateEventResult(outcome)));
        AssertMapped(DeleteEventOutcome.Deleted, Problems.Of);
        AssertMapped(RegisterUserOutcome.Registered, Problems.Of);
        AssertMapped(CredentialOutcome.Accepted, outcome => Problems.Of(new CredentialResult(outcome), "It is wrong."));
        // The silo makes the id itself, so an event that exists already is a fault and no refusal.
        AssertMapped(CreateEventOutcome.Created, Problems.Of, except: CreateEventOutcome.AlreadyExists);
        Assert.Throws<InvalidOperationException>(() => Problems.Of(CreateEventOutcome.AlreadyExists));
    }

    private static void AssertMapped<T>(T success, Func<T, Problem?> map, params T[] except)
        where T : struct, Enum
    {
        foreach (var outcome in Enum.GetValues<T>().Except(except))
        {
            var problem = map(outcome);
            Assert.True(outcome.Equals(success) == (problem is null), $"{typeof(T).Name}.{outcome}: {problem}");
            Assert.True(problem is null or { Status: >= 400 and < 500 }, $"{outcome} is a refusal, not a fault");
        }
    }
}
