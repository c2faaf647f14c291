using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace EventFlux.Grains.Users;

/// <summary>
/// Names accounts and networks by keyed hashes: who reads the memory of a guard or the stored users learns neither an
/// address that was tried nor where anybody signs in from. The key is the same on every silo; with another one,
/// networks are strange until the next sign-in, and that is all. Safe for concurrent use.
/// </summary>
/// <param name="key">Secret; 32 random bytes.</param>
public sealed class SignInHashes(ReadOnlyMemory<byte> key)
{
    private const int IPv4NetworkBytes = 3;
    private const int IPv6NetworkBytes = 8;

    /// <summary>An account, registered or not, by its e-mail address in any case.</summary>
    internal Guid OfAccount(string email) => Hash("account", Encoding.UTF8.GetBytes(email.ToLowerInvariant()));

    /// <summary>Where somebody comes from, a /24 or a /64: the same place has another name for each account.</summary>
    internal Guid OfNetwork(Guid account, IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var length = address.AddressFamily == AddressFamily.InterNetwork ? IPv4NetworkBytes : IPv6NetworkBytes;
        return Hash("network", [.. account.ToByteArray(), .. address.GetAddressBytes()[..length]]);
    }

    /// <summary>An account as it is tried from one place alone.</summary>
    internal Guid OfAccountThere(Guid account, Guid network) =>
        Hash("account there", [.. account.ToByteArray(), .. network.ToByteArray()]);

    private Guid Hash(string kind, byte[] value) =>
        new(HMACSHA256.HashData(key.Span, [.. Encoding.UTF8.GetBytes(kind), 0, .. value]).AsSpan(0, 16));
}
