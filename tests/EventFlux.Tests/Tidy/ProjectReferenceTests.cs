using System.Xml.Linq;

namespace EventFlux.Tests.Tidy;

/// <summary>Silo → Grains → Contracts, never back, and what each of them may lean on.</summary>
public sealed class ProjectReferenceTests
{
    private const string AspNetSdk = "Microsoft.NET.Sdk.Web";

    [Theory]
    [InlineData("EventFlux.Contracts", "")]
    [InlineData("EventFlux.Grains", "EventFlux.Contracts")]
    [InlineData("EventFlux.Silo", "EventFlux.Grains")]
    public void Project_ReferencesOnlyTheOneBelow(string project, string expected) =>
        Assert.Equal(expected, string.Join(", ", Items(project, "ProjectReference")
            .Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')))));

    [Fact]
    public void Contracts_HasNothingButOrleans() =>
        Assert.Equal(["Microsoft.Orleans.Sdk"], Items("EventFlux.Contracts", "PackageReference"));

    [Theory]
    [InlineData("EventFlux.Contracts")]
    [InlineData("EventFlux.Grains")]
    public void BelowTheSilo_NoAspNet(string project)
    {
        Assert.NotEqual(AspNetSdk, Read(project).Attribute("Sdk")?.Value);
        Assert.DoesNotContain(
            Items(project, "FrameworkReference").Concat(Items(project, "PackageReference")),
            name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
    }

    [Fact]
    public void Tests_AreNoPartOfWhatIsShipped() =>
        Assert.All(
            SourceTree.FilesUnder("src").Where(path => path.EndsWith(".csproj", StringComparison.Ordinal)),
            path => Assert.DoesNotContain("xunit", SourceTree.Read(path), StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> Items(string project, string kind) =>
        Read(project).Descendants(kind).Select(item => item.Attribute("Include")!.Value);

    private static XElement Read(string project) =>
        XElement.Parse(SourceTree.Read($"src/{project}/{project}.csproj"));
}
