using EventFlux.Grains.Users;
using FluentValidation;

namespace EventFlux.Silo.Api;

/// <summary>The body of <c>POST /api/auth/register</c>.</summary>
public sealed record RegisterUserRequest(string? Email, string? Password, string? FirstName, string? LastName)
{
    /// <summary>Prints nothing: the values are personal.</summary>
    public override string ToString() => nameof(RegisterUserRequest);
}

/// <summary>The body of <c>POST /api/auth/login</c>.</summary>
public sealed record LogInRequest(string? Email, string? Password)
{
    /// <inheritdoc cref="RegisterUserRequest.ToString"/>
    public override string ToString() => nameof(LogInRequest);
}

/// <summary>The body of <c>PUT /api/auth/profile</c>. A member left out stays as it is.</summary>
public sealed record UpdateProfileRequest(string? FirstName = null, string? LastName = null)
{
    /// <inheritdoc cref="RegisterUserRequest.ToString"/>
    public override string ToString() => nameof(UpdateProfileRequest);
}

/// <summary>The body of <c>PUT /api/auth/change-password</c>.</summary>
public sealed record ChangePasswordRequest(string? CurrentPassword, string? NewPassword)
{
    /// <inheritdoc cref="RegisterUserRequest.ToString"/>
    public override string ToString() => nameof(ChangePasswordRequest);
}

/// <summary>Names are judged as they will be stored: without the space around them.</summary>
internal sealed class RegisterUserValidator : AbstractValidator<RegisterUserRequest>
{
    public RegisterUserValidator()
    {
        RuleFor(request => request.Email).Follows(AccountRules.FaultOfEmail);
        RuleFor(request => request.Password)
            .Follows((request, password) => AccountRules.FaultOfNewPassword(password, request.Email));
        RuleFor(request => request.FirstName).Follows(name => AccountRules.FaultOfName(name?.Trim()));
        RuleFor(request => request.LastName).Follows(name => AccountRules.FaultOfName(name?.Trim()));
    }
}

/// <summary>A password of whatever length is a wrong one; an address that can't be one is a typing error.</summary>
internal sealed class LogInValidator : AbstractValidator<LogInRequest>
{
    public LogInValidator()
    {
        RuleFor(request => request.Email).Follows(AccountRules.FaultOfEmail);
        RuleFor(request => request.Password).NotEmpty().WithMessage("is required");
    }
}

/// <summary>At least one name, or there is nothing to do.</summary>
internal sealed class UpdateProfileValidator : AbstractValidator<UpdateProfileRequest>
{
    public UpdateProfileValidator()
    {
        RuleFor(request => request.FirstName).Follows(name => AccountRules.FaultOfName(name?.Trim()))
            .Unless(request => request.FirstName is null && request.LastName is not null);
        RuleFor(request => request.LastName).Follows(name => AccountRules.FaultOfName(name?.Trim()))
            .Unless(request => request.LastName is null && request.FirstName is not null);
    }
}

/// <summary>The current password is only compared, so any text will do.</summary>
internal sealed class ChangePasswordValidator : AbstractValidator<ChangePasswordRequest>
{
    public ChangePasswordValidator()
    {
        RuleFor(request => request.CurrentPassword).NotEmpty().WithMessage("is required");
        RuleFor(request => request.NewPassword)
            .Follows(password => AccountRules.FaultOfNewPassword(password, email: null));
    }
}

internal static class AccountRuleExtensions
{
    /// <summary>Judged by one of the <see cref="AccountRules"/>, which answers the fault or null.</summary>
    public static IRuleBuilderOptionsConditions<T, string?> Follows<T>(
        this IRuleBuilder<T, string?> rule, Func<string?, string?> faultOf) =>
        rule.Follows((_, value) => faultOf(value));

    /// <summary>The same, judged together with the rest of the request.</summary>
    public static IRuleBuilderOptionsConditions<T, string?> Follows<T>(
        this IRuleBuilder<T, string?> rule, Func<T, string?, string?> faultOf) =>
        rule.Custom((value, context) =>
        {
            if (faultOf(context.InstanceToValidate, value) is { } fault) context.AddFailure(fault);
        });
}
