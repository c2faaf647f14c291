using System.Globalization;
using System.Text;

namespace EventFlux.Grains.Users;

/// <summary>What an account's members may be: for every way in, not only the API. Each method answers the fault, or
/// null.</summary>
public static class AccountRules
{
    public const int MaxEmailLength = 254;
    public const int MaxNameLength = 100;
    public const int MinPasswordBytes = 8;

    private const int MaxLocalPartLength = 64;
    private const int MaxLabelLength = 63;

    /// <summary>
    /// An address as mail systems take it, in ASCII (other scripts in their <c>xn--</c> form): comparing addresses
    /// without regard to case then means one thing everywhere, and no two look alike.
    /// </summary>
    public static string? FaultOfEmail(string? email)
    {
        const string Fault = "must be an e-mail address";
        if (string.IsNullOrEmpty(email)) return "is required";
        if (email.Length > MaxEmailLength) return "must be at most 254 characters";
        var at = email.LastIndexOf('@');
        if (at is < 1 or > MaxLocalPartLength) return Fault;
        return IsLocalPart(email.AsSpan(0, at)) && IsDomain(email.AsSpan(at + 1)) ? null : Fault;
    }

    /// <summary>The name is taken as it is, without trimming it; characters are counted as a person would.</summary>
    public static string? FaultOfName(string? name)
    {
        if (string.IsNullOrEmpty(name)) return "is required";
        var characters = 0;
        foreach (var rune in name.EnumerateRunes())
        {
            characters++;
            if (!IsPrintable(rune)) return "must not contain control characters";
        }

        return characters > MaxNameLength ? "must be at most 100 characters" : null;
    }

    /// <summary>In bytes, because BCrypt counts bytes. NUL ends a password for BCrypt, so it can't be part of
    /// one.</summary>
    public static string? FaultOfPassword(string? password)
    {
        if (string.IsNullOrEmpty(password)) return "is required";
        if (password.Contains('\0', StringComparison.Ordinal)) return "must not contain NUL";
        return Encoding.UTF8.GetByteCount(password) is < MinPasswordBytes or > PasswordHasher.MaxPasswordBytes
            ? "must be between 8 and 72 bytes"
            : null;
    }

    /// <summary>Of a password that somebody chooses now: also not one that is easily guessed.</summary>
    /// <param name="email">Of the account.</param>
    public static string? FaultOfNewPassword(string? password, string? email) =>
        FaultOfPassword(password) ?? GuessablePasswords.FaultOf(password!, email);

    private static bool IsLocalPart(ReadOnlySpan<char> part)
    {
        if (part[0] == '.' || part[^1] == '.' || part.Contains("..", StringComparison.Ordinal)) return false;
        foreach (var c in part)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !"!#$%&'*+-/=?^_`{|}~.".Contains(c, StringComparison.Ordinal))
                return false;
        }

        return true;
    }

    /// <summary>At least two labels: an address within one's own machine is no address for a shop.</summary>
    private static bool IsDomain(ReadOnlySpan<char> domain)
    {
        var labels = 0;
        foreach (var range in domain.Split('.'))
        {
            var label = domain[range];
            if (label.Length is 0 or > MaxLabelLength || label[0] == '-' || label[^1] == '-') return false;
            foreach (var c in label)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c != '-') return false;
            }

            labels++;
        }

        return labels >= 2;
    }

    /// <summary>Neither what no name holds (controls, line ends, a lone surrogate, which reads as U+FFFD) nor what
    /// would turn the text around it about.</summary>
    private static bool IsPrintable(Rune rune) =>
        rune != Rune.ReplacementChar
        && rune.Value is not (>= 0x202A and <= 0x202E) and not (>= 0x2066 and <= 0x2069)
        && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned);
}
