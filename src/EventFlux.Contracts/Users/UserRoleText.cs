namespace EventFlux.Contracts.Users;

/// <summary>How roles are written in tokens, in the tables and in the API.</summary>
public static class UserRoleText
{
    private const string User = "user";
    private const string Admin = "admin";

    public static string ToText(this UserRole role) => role switch
    {
        UserRole.User => User,
        UserRole.Admin => Admin,
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, null),
    };

    /// <summary>False for anything but the exact words.</summary>
    public static bool TryParse(string? text, out UserRole role)
    {
        role = text == Admin ? UserRole.Admin : UserRole.User;
        return text is User or Admin;
    }
}
