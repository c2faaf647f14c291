using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace EventFlux.Silo.Hosting;

/// <summary>Who may say on whose behalf a request comes. Nobody by default: anyone can write a header.</summary>
internal static class TrustedProxies
{
    public const string Allowed =
        "a comma-separated list of addresses and networks such as 10.1.0.0/16, none of which is everybody";

    /// <summary>Null when that is no list of addresses and networks. Trust in everybody is none: each client could
    /// choose its address.</summary>
    public static ImmutableArray<IPNetwork>? Parse(string text)
    {
        const StringSplitOptions tidy = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        ImmutableArray<IPNetwork?> networks = [.. text.Split(',', tidy).Select(ParseOne)];
        return networks.All(network => network is { PrefixLength: > 0 })
            ? [.. networks.Select(network => network!.Value)]
            : null;
    }

    /// <summary>
    /// Takes the client's address and scheme from the headers of trusted proxies. The list is read from its end, where
    /// the nearest proxy has added to it, for as long as those who added are trusted: what a client wrote itself stands
    /// before the first address that isn't, and is never reached.
    /// </summary>
    public static IApplicationBuilder UseTrustedProxies(this WebApplication app)
    {
        var trusted = app.Services.GetRequiredService<SiloOptions>().TrustedProxies;
        if (trusted.IsEmpty) return app;

        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            ForwardLimit = null,
        };
        // By default the machine itself is trusted; here only who was named.
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
        foreach (var network in trusted) options.KnownIPNetworks.Add(network);
        return app.UseForwardedHeaders(options);
    }

    private static IPNetwork? ParseOne(string text)
    {
        if (IPNetwork.TryParse(text, out var network)) return network;
        // ".NET" reads "10" as 0.0.0.10.
        if (!IPAddress.TryParse(text, out var address)) return null;
        if (address.AddressFamily == AddressFamily.InterNetwork && address.ToString() != text) return null;
        return new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
    }
}
