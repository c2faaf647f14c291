using System.Security.Cryptography;
using System.Text;

namespace EventFlux.Silo.Hosting;

/// <summary>One forward-only step of the schema.</summary>
/// <param name="Name">File name such as <c>0001_name.sql</c>; the ordinal order of the names is the order of the
/// steps.</param>
/// <param name="Sql">Sent as it is: no variables are replaced.</param>
internal sealed record MigrationScript(string Name, string Sql)
{
    private const string ResourcePrefix = "sql.";

    /// <summary>SHA-256 of the text. Line endings don't count: a checkout on Windows must not look like a
    /// change.</summary>
    public string Checksum { get; } =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));

    /// <summary>The scripts that travel inside this assembly, in order.</summary>
    public static IReadOnlyList<MigrationScript> Embedded()
    {
        var assembly = typeof(MigrationScript).Assembly;
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name => new MigrationScript(name[ResourcePrefix.Length..], Read(name))),
        ];

        string Read(string name)
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            return reader.ReadToEnd();
        }
    }
}
