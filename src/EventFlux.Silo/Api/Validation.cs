using System.Text.Json;
using FluentValidation;

namespace EventFlux.Silo.Api;

/// <summary>Judges request bodies before an endpoint sees them.</summary>
internal static class Validation
{
    /// <summary>Refuses a body that its validator finds faults with, all of them at once.</summary>
    public static RouteHandlerBuilder Validate<TRequest>(this RouteHandlerBuilder endpoint)
        where TRequest : class =>
        endpoint.AddEndpointFilter(static async (context, next) =>
        {
            var request = context.Arguments.OfType<TRequest>().Single();
            var validator = context.HttpContext.RequestServices.GetRequiredService<IValidator<TRequest>>();
            var result = validator.Validate(request);
            return result.IsValid ? await next(context) : Problems.Validation(
                result.Errors.GroupBy(fault => fault.PropertyName, fault => fault.ErrorMessage)
                    .ToDictionary(faults => faults.Key, faults => faults.Distinct().ToArray()));
        });

    /// <summary>Members are named in faults as they are on the wire.</summary>
    public static void UseWireNames() =>
        ValidatorOptions.Global.PropertyNameResolver = static (_, member, _) =>
            member is null ? null : JsonNamingPolicy.SnakeCaseLower.ConvertName(member.Name);

    /// <summary>Text that every part of the system can carry: no control characters but line ends and tabs.</summary>
    public static IRuleBuilderOptions<T, string?> Printable<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(static text => text is null || IsPrintable(text)).WithMessage("must not hold control characters");

    public static bool IsPrintable(string text)
    {
        foreach (var character in text)
            if (char.IsControl(character) && character is not ('\n' or '\r' or '\t'))
                return false;
        return true;
    }
}
