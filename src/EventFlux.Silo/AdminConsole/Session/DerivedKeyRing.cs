using System.Security.Cryptography;
using System.Xml.Linq;
using EventFlux.Silo.Authentication;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption.ConfigurationModel;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace EventFlux.Silo.AdminConsole.Session;

/// <summary>
/// The keys that forms and pages are sealed with, derived from the secret that signs tokens: every silo has the same
/// without asking anybody, so a page that one silo made can go on at another. While that secret is changed, what the
/// other one sealed is still opened.
/// </summary>
internal sealed class DerivedKeyRing(TokenOptions options) : IXmlRepository
{
    private const int MasterKeyBytes = 64;
    private const int IdBytes = 16;

    /// <summary>Of two valid keys the one activated last seals.</summary>
    private static readonly DateTimeOffset Begin = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly DateTimeOffset End = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    public IReadOnlyCollection<XElement> GetAllElements() => options.OtherSecret.IsEmpty
        ? [Key(options.Secret, Begin.AddDays(1))]
        : [Key(options.Secret, Begin.AddDays(1)), Key(options.OtherSecret, Begin)];

    /// <summary>Nothing is ever stored: what the secret doesn't give isn't there.</summary>
    public void StoreElement(XElement element, string friendlyName) => throw new NotSupportedException();

    /// <summary>As the framework's own key files are written.</summary>
    private static XElement Key(ReadOnlyMemory<byte> secret, DateTimeOffset activation)
    {
        var master = HKDF.DeriveKey(
            HashAlgorithmName.SHA256, secret.ToArray(), MasterKeyBytes, info: "console pages"u8.ToArray());
        var id = HKDF.DeriveKey(
            HashAlgorithmName.SHA256, secret.ToArray(), IdBytes, info: "console pages id"u8.ToArray());
        return new XElement(
            "key", new XAttribute("id", new Guid(id)), new XAttribute("version", 1),
            new XElement("creationDate", activation), new XElement("activationDate", activation),
            new XElement("expirationDate", End),
            new XElement(
                "descriptor",
                new XAttribute(
                    "deserializerType",
                    typeof(AuthenticatedEncryptorDescriptorDeserializer).AssemblyQualifiedName!),
                new XElement(
                    "descriptor",
                    new XElement("encryption", new XAttribute("algorithm", "AES_256_CBC")),
                    new XElement("validation", new XAttribute("algorithm", "HMACSHA256")),
                    new XElement("masterKey", new XElement("value", Convert.ToBase64String(master))))));
    }
}
