using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using EventFlux.Contracts.RateLimiting;

namespace EventFlux.Silo.RateLimiting;

/// <summary>Who is counted as one, the same on every silo. Keys of different kinds belong in different tiers.</summary>
public static class RateLimitKeys
{
    private const int AddressBytes = 16;

    /// <summary>IPv4 by the whole address, IPv6 by its /64: that much every customer of a provider has, to use at
    /// will. A caller without an address (a Unix socket) is one with all others like it.</summary>
    public static RateLimitKey OfAddress(IPAddress? address)
    {
        if (address is null) return default;

        Span<byte> bytes = stackalloc byte[AddressBytes];
        address.TryWriteBytes(bytes, out _);
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return new(0, 1UL << 32 | BinaryPrimitives.ReadUInt32BigEndian(bytes));
        // A socket of both families shows IPv4 callers like this.
        return address.IsIPv4MappedToIPv6
            ? new(0, 1UL << 32 | BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]))
            : new(BinaryPrimitives.ReadUInt64BigEndian(bytes), 0);
    }

    public static RateLimitKey OfUser(Guid id)
    {
        Span<byte> bytes = stackalloc byte[AddressBytes];
        id.TryWriteBytes(bytes);
        return OfBytes(bytes);
    }

    private static RateLimitKey OfBytes(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
}
