using System.Collections.Frozen;

namespace EventFlux.Grains.Users;

/// <summary>
/// Passwords that somebody who guesses tries first: those that many people have, one character repeated, and what can
/// be read off the account itself. In any case of letters. Only new passwords are judged: who has such a one already
/// still gets in.
/// </summary>
/// <remarks>The list is the one inside the package zxcvbn-core, most common first. Its estimate of strength isn't used:
/// it takes milliseconds for a password made to be slow; a look-up is the same for all.</remarks>
internal static class GuessablePasswords
{
    private const string List = "zxcvbn-core.Dictionaries.passwords.lst";
    private const string Product = "eventflux";

    /// <summary>A shorter name says nothing: it would refuse any password that happens to hold it.</summary>
    private const int MinNameLength = 4;

    private static readonly FrozenSet<string> Common = Read();

    /// <summary>How many common passwords are known that are long enough to be one here.</summary>
    public static int Count => Common.Count;

    /// <summary>What is wrong with it, or null.</summary>
    public static string? FaultOf(string password, string? email)
    {
        if (Common.Contains(password) || !password.AsSpan().ContainsAnyExcept(password[0]))
            return "is one of the first that anybody would guess";
        var local = email?.Split('@')[0];
        return IsName(password, email) || IsName(password, local) || IsName(password, Product)
            ? "must not be your e-mail address or the name of this service"
            : null;
    }

    /// <summary>Whether the password is the name alone, or with digits and signs around it.</summary>
    private static bool IsName(string password, string? name)
    {
        if (name is not { Length: >= MinNameLength }) return false;
        var start = password.IndexOf(name, StringComparison.OrdinalIgnoreCase);
        return start >= 0
            && !password.AsSpan(0, start).ContainsAnyLetter()
            && !password.AsSpan(start + name.Length).ContainsAnyLetter();
    }

    private static bool ContainsAnyLetter(this ReadOnlySpan<char> text)
    {
        foreach (var character in text)
            if (char.IsLetter(character))
                return true;
        return false;
    }

    private static FrozenSet<string> Read()
    {
        using var stream = typeof(Zxcvbn.Zxcvbn).Assembly.GetManifestResourceStream(List)
            ?? throw new InvalidOperationException("The list of common passwords is missing.");
        using var reader = new StreamReader(stream);
        var passwords = new List<string>();
        while (reader.ReadLine() is { } line)
            if (line.Length >= AccountRules.MinPasswordBytes)
                passwords.Add(line);
        return passwords.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }
}
