using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EventFlux.Tests.Tidy;

/// <summary>The repository that these tests were built from, read as text and as syntax.</summary>
internal static class SourceTree
{
    private static readonly Lazy<IReadOnlyList<SourceFile>> Parsed =
        new(() => [.. FilesUnder("src", "tests").Where(path => path.EndsWith(".cs", StringComparison.Ordinal))
            .Select(Parse)]);

    /// <summary>Absolute path.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every C# file under <c>src</c> and <c>tests</c>, without what builds leave there.</summary>
    public static IReadOnlyList<SourceFile> CSharp => Parsed.Value;

    /// <summary>Text of a file.</summary>
    /// <param name="path">Relative to the root.</param>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>Files in these folders and below, relative to the root with <c>/</c>, in ordinal order.</summary>
    public static IReadOnlyList<string> FilesUnder(params string[] folders) =>
        [.. folders.SelectMany(folder => Walk(Path.Combine(Root, folder)))
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Walk(string folder) =>
        Directory.GetFiles(folder).Concat(
            Directory.GetDirectories(folder)
                .Where(child => Path.GetFileName(child) is not ("bin" or "obj" or "TestResults"))
                .SelectMany(Walk));

    private static SourceFile Parse(string path)
    {
        var text = Read(path);
        var options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview);
        var root = (CompilationUnitSyntax)CSharpSyntaxTree.ParseText(text, options, path).GetRoot();
        return new SourceFile(path, text.TrimEnd('\n').Split('\n'), root);
    }

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "EventFlux.sln")))
                return folder;
        }

        throw new InvalidOperationException($"No EventFlux.sln above {AppContext.BaseDirectory}.");
    }
}

/// <summary>One C# file.</summary>
/// <param name="Path">Relative to the root, with <c>/</c>.</param>
internal sealed record SourceFile(string Path, IReadOnlyList<string> Lines, CompilationUnitSyntax Syntax)
{
    /// <summary>What its namespace must be: the project's name, then the folders.</summary>
    public string Folder => string.Join('.', Path.Split('/')[1..^1]);
}
