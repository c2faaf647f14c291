using System.Security.Cryptography;

namespace EventFlux.Grains.Bookings;

/// <summary>
/// What a person reads out at the door: <c>EVT-</c> and 13 characters of Crockford base 32, 65 random bits. Whoever
/// holds one may look the booking up, so it can't be guessed.
/// </summary>
public static class BookingReference
{
    /// <summary>Crockford's alphabet: no I, L, O or U, which are misread or misheard.</summary>
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const string Prefix = "EVT-";
    private const int Characters = 13;

    /// <summary>A new reference from the cryptographic random source.</summary>
    public static string Create() => string.Create(Prefix.Length + Characters, 0, static (text, _) =>
    {
        Prefix.CopyTo(text);
        RandomNumberGenerator.GetItems(Alphabet, text[Prefix.Length..]);
    });

    /// <summary>Reads a reference as a person types it: in any case, and with the letters that Crockford's alphabet
    /// leaves out for the digits that they look like.</summary>
    public static bool TryParse(string text, out string reference)
    {
        reference = text.Trim().ToUpperInvariant();
        if (reference.Length != Prefix.Length + Characters || !reference.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        reference = Prefix + reference[Prefix.Length..].Replace('O', '0').Replace('I', '1').Replace('L', '1');
        return reference.AsSpan(Prefix.Length).IndexOfAnyExcept(Alphabet) < 0;
    }
}
