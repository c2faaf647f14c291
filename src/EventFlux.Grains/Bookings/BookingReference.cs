using System.Security.Cryptography;

namespace EventFlux.Grains.Bookings;

/// <summary>
/// What a person reads out at the door: <c>EVT-</c> and 13 characters of Crockford base 32, 65 random bits. Whoever holds
/// one may look the booking up, so it can't be guessed.
/// </summary>
internal static class BookingReference
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
}
