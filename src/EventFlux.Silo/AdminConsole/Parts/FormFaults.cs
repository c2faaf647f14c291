using EventFlux.Silo.Api;
using FluentValidation;

namespace EventFlux.Silo.AdminConsole.Parts;

/// <summary>Faults of a form, as the API tells them.</summary>
internal static class FormFaults
{
    private const string Errors = "errors";

    /// <summary>What is wrong with the form and with what it says, all at once; null when nothing is.</summary>
    public static Problem? Judge<T>(EventForm form, IValidator<T> validator, T body) =>
        Judge(validator, body, form.Faults);

    /// <param name="unread">What could not be read at all; null for nothing.</param>
    /// <inheritdoc cref="Judge{T}(EventForm, IValidator{T}, T)"/>
    public static Problem? Judge<T>(
        IValidator<T> validator, T body, IReadOnlyDictionary<string, string[]>? unread = null)
    {
        var faults = validator.Validate(body).Errors.GroupBy(fault => fault.PropertyName, fault => fault.ErrorMessage)
            .ToDictionary(member => member.Key, member => member.Distinct().ToArray());
        // What can't be read would be told as missing.
        foreach (var (member, fault) in unread ?? new Dictionary<string, string[]>()) faults[member] = fault;
        return faults.Count == 0 ? null : Problems.Validation(faults);
    }

    /// <summary>The faults by the members' names on the wire; empty when the problem is another.</summary>
    public static IReadOnlyDictionary<string, string[]> FaultsByMember(this Problem? problem) =>
        problem?.Extensions.GetValueOrDefault(Errors) as IReadOnlyDictionary<string, string[]>
        ?? new Dictionary<string, string[]>();
}
