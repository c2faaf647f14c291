using System.Linq.Expressions;
using System.Text.RegularExpressions;
using EventFlux.Contracts;
using EventFlux.Contracts.Events;
using EventFlux.Grains.Storage;
using FluentValidation;

namespace EventFlux.Silo.Api;

/// <summary>What each member of an event may be. The database holds the same limits, as its last line of
/// defence.</summary>
internal static partial class EventRules
{
    private const int MaxUrlLength = 2000;

    public static IRuleBuilderOptions<T, string?> Named<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(text => text is null || LengthOf(text.Trim()) is >= 3 and <= 255)
            .WithMessage("must have 3 to 255 characters").Printable();

    public static IRuleBuilderOptions<T, string?> AtMost<T>(this IRuleBuilder<T, string?> rule, int characters) =>
        rule.Must(text => text is null || LengthOf(text) <= characters)
            .WithMessage($"must have at most {characters} characters").Printable();

    public static IRuleBuilderOptions<T, int?> Capacity<T>(this IRuleBuilder<T, int?> rule) =>
        rule.InclusiveBetween(1, 1_000_000).WithMessage("must be between 1 and 1000000");

    public static IRuleBuilderOptions<T, decimal?> Price<T>(this IRuleBuilder<T, decimal?> rule) =>
        rule.Must(price => price is null or >= 0 and <= 1_000_000).WithMessage("must be between 0 and 1000000")
            .Must(price => price is null || decimal.Round(price.Value, 2) == price)
            .WithMessage("must have at most two decimals");

    public static IRuleBuilderOptions<T, string?> Currency<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(currency => currency is null || CurrencyCode().IsMatch(currency))
            .WithMessage("must be an ISO 4217 code such as USD");

    public static IRuleBuilderOptions<T, string?> WebAddress<T>(this IRuleBuilder<T, string?> rule) =>
        rule.AtMost(MaxUrlLength)
            .Must(text => text is null
                || (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
            .WithMessage("must be an http or https address");

    /// <summary>A date to come. The event itself judges again, at the moment of its decision.</summary>
    public static IRuleBuilderOptions<T, DateTimeOffset?> InFuture<T>(
        this IRuleBuilder<T, DateTimeOffset?> rule, TimeProvider time) =>
        rule.Must(date => date is null || date > time.GetUtcNow()).WithMessage("must be in the future");

    public static IRuleBuilderOptions<T, string?> StatusAmong<T>(
        this IRuleBuilder<T, string?> rule, params EventStatus[] statuses) =>
        rule.Must(text => text is null || (Status(text) is { } status && statuses.Contains(status)))
            .WithMessage($"must be one of {string.Join(", ", statuses.Select(status => status.ToText()))}");

    /// <summary>The status that the text names, or null.</summary>
    public static EventStatus? Status(string text) => StatusText.ParseEvent(text);

    /// <summary>In code points, as the database counts.</summary>
    private static int LengthOf(string text) => text.EnumerateRunes().Count();

    [GeneratedRegex(@"^[A-Z]{3}\z", RegexOptions.CultureInvariant)]
    private static partial Regex CurrencyCode();
}

/// <summary>Judges new events.</summary>
internal sealed class CreateEventValidator : AbstractValidator<CreateEventRequest>
{
    public CreateEventValidator(TimeProvider time)
    {
        RuleFor(request => request.Name).NotNull().WithMessage("is required").Named();
        RuleFor(request => request.Venue).NotNull().WithMessage("is required").Named();
        RuleFor(request => request.EventDate).NotNull().WithMessage("is required").InFuture(time);
        RuleFor(request => request.Capacity).NotNull().WithMessage("is required").Capacity();
        RuleFor(request => request.Price).NotNull().WithMessage("is required").Price();
        RuleFor(request => request.Description).AtMost(2000);
        RuleFor(request => request.Address).AtMost(500);
        RuleFor(request => request.Category).AtMost(100);
        RuleFor(request => request.Currency).Currency();
        RuleFor(request => request.ImageUrl).WebAddress();
        RuleFor(request => request.Status).StatusAmong(EventStatus.Draft, EventStatus.Active);
    }
}

/// <summary>Judges changes of events, member by member: only those that are given.</summary>
internal sealed class UpdateEventValidator : AbstractValidator<UpdateEventRequest>
{
    public UpdateEventValidator(TimeProvider time)
    {
        Given(request => request.Name, rule => rule.NotNull().WithMessage("can't be cleared").Named());
        Given(request => request.Venue, rule => rule.NotNull().WithMessage("can't be cleared").Named());
        Given(request => request.EventDate, rule => rule.NotNull().WithMessage("can't be cleared").InFuture(time));
        Given(request => request.Capacity, rule => rule.NotNull().WithMessage("can't be cleared").Capacity());
        Given(request => request.Price, rule => rule.NotNull().WithMessage("can't be cleared").Price());
        Given(request => request.Currency, rule => rule.NotNull().WithMessage("can't be cleared").Currency());
        Given(
            request => request.Status,
            rule => rule.NotNull().WithMessage("can't be cleared")
                .StatusAmong(EventStatus.Draft, EventStatus.Active, EventStatus.Cancelled));
        Given(request => request.Description, rule => rule.AtMost(2000));
        Given(request => request.Address, rule => rule.AtMost(500));
        Given(request => request.Category, rule => rule.AtMost(100));
        Given(request => request.ImageUrl, rule => rule.WebAddress());
    }

    private void Given<T>(
        Expression<Func<UpdateEventRequest, Optional<T>>> member,
        Action<IRuleBuilderInitial<UpdateEventRequest, T>> rules)
    {
        var read = member.Compile();
        var name = ValidatorOptions.Global.PropertyNameResolver(
            typeof(UpdateEventRequest), ((MemberExpression)member.Body).Member, member);
        When(
            request => read(request).HasValue,
            () =>
            {
                var rule = RuleFor(request => read(request).Value);
                rule.Configure(configured => configured.PropertyName = name);
                rules(rule);
            });
    }
}
