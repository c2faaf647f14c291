using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EventFlux.Tests.Tidy;

/// <summary>Rules about source text that a machine can keep. A failure lists every offender with its place.</summary>
public sealed partial class SourceRulesTests
{
    // The style asks for 200; up to here it is a judgement, past it a mistake.
    private const int MaxFileLines = 300;
    private const int MaxMethodLines = 70;
    private const int MaxColumns = 120;

    [Fact]
    public void Tree_IsFound() => Assert.True(SourceTree.CSharp.Count > 100, $"{SourceTree.CSharp.Count} files");

    [Fact]
    public void Files_AreShort() =>
        AssertNone(SourceTree.CSharp.Where(file => file.Lines.Count > MaxFileLines)
            .Select(file => $"{file.Path}: {file.Lines.Count} lines, more than {MaxFileLines}"));

    [Fact]
    public void Lines_AreShort() =>
        AssertNone(from path in SourceTree.FilesUnder("src", "tests")
                   where Path.GetExtension(path) is ".cs" or ".razor" or ".js"
                   from line in SourceTree.Read(path).Split('\n').Index()
                   where line.Item.Length > MaxColumns
                   select $"{path}:{line.Index + 1}: {line.Item.Length} columns, more than {MaxColumns}");

    [Fact]
    public void Methods_AreShort() =>
        AssertNone(from file in SourceTree.CSharp
                   from method in MethodsOf(file.Syntax)
                   let lines = LinesOf(method.From, method.To)
                   where lines.Length > MaxMethodLines
                   select $"{file.Path}:{lines.First}: {lines.Length} lines, more than {MaxMethodLines}");

    [Fact]
    public void Namespaces_AreFileScopedAndFollowTheFolder() =>
        AssertNone(from file in SourceTree.CSharp
                   let space = file.Syntax.Members.OfType<FileScopedNamespaceDeclarationSyntax>().SingleOrDefault()
                   let types = file.Syntax.DescendantNodes().OfType<BaseTypeDeclarationSyntax>()
                   where types.Any() && space?.Name.ToString() != file.Folder
                   select $"{file.Path}: needs 'namespace {file.Folder};'");

    [Fact]
    public void Names_SayWhatSomethingDoes() =>
        AssertNone((from file in SourceTree.CSharp
                    from name in file.Syntax.DescendantNodes().Select(TypeName).OfType<string>()
                        .Concat(Path.ChangeExtension(file.Path, null).Split('/', '.'))
                    from word in EmptyWord().Matches(name).Select(match => match.Value)
                    select $"{file.Path}: '{name}' says '{word}', which says nothing").Distinct());

    [Fact]
    public void Text_HasNothingUnfinishedOrSwitchedOff() =>
        AssertNone(from file in SourceTree.CSharp
                   from line in file.Lines.Index()
                   from word in Unfinished().Matches(line.Item).Select(match => match.Value)
                   select $"{file.Path}:{line.Index + 1}: '{word}'");

    [Fact]
    public void Text_NamesNoFolderOfOneMachine() =>
        AssertNone(from path in SourceTree.FilesUnder("src", "tests", "sql", "deploy")
                       .Concat(["README.md", "Dockerfile", "docker-compose.yml", ".env.example", ".ci/run"])
                   from line in SourceTree.Read(path).Split('\n').Index()
                   where HomeFolder().IsMatch(line.Item)
                   select $"{path}:{line.Index + 1}: {line.Item.Trim()}");

    [Fact]
    public void Migrations_AreNumberedOnceAndNamedByWhatTheyMake()
    {
        var names = SourceTree.FilesUnder("sql").Select(path => path["sql/".Length..]).ToArray();

        Assert.NotEmpty(names);
        AssertNone(names.Where(name => !MigrationName().IsMatch(name))
            .Select(name => $"sql/{name}: must be four digits, '_', small letters, '.sql'"));
        AssertNone(names.GroupBy(name => name[..4]).Where(same => same.Count() > 1)
            .Select(same => $"sql/: number {same.Key} twice: {string.Join(", ", same)}"));
    }

    private static IEnumerable<(SyntaxToken From, SyntaxToken To)> MethodsOf(CompilationUnitSyntax root)
    {
        foreach (var node in root.DescendantNodes())
        {
            SyntaxList<AttributeListSyntax>? attributes = node switch
            {
                BaseMethodDeclarationSyntax method => method.AttributeLists,
                LocalFunctionStatementSyntax function => function.AttributeLists,
                AccessorDeclarationSyntax accessor => accessor.AttributeLists,
                _ => null,
            };
            if (attributes is { } lists)
                yield return (lists.LastOrDefault()?.GetLastToken().GetNextToken() ?? node.GetFirstToken(),
                    node.GetLastToken());
        }

        var statements = root.Members.OfType<GlobalStatementSyntax>().ToArray();
        if (statements is [var first, .., var last])
            yield return (first.GetFirstToken(), last.GetLastToken());
        else if (statements is [var only])
            yield return (only.GetFirstToken(), only.GetLastToken());
    }

    private static (int First, int Length) LinesOf(SyntaxToken from, SyntaxToken to)
    {
        var first = from.GetLocation().GetLineSpan().StartLinePosition.Line;
        return (first + 1, to.GetLocation().GetLineSpan().EndLinePosition.Line - first + 1);
    }

    private static string? TypeName(SyntaxNode node) => node switch
    {
        BaseTypeDeclarationSyntax type => type.Identifier.Text,
        DelegateDeclarationSyntax type => type.Identifier.Text,
        _ => null,
    };

    private static void AssertNone(IEnumerable<string> offenders)
    {
        var list = offenders.ToArray();
        Assert.True(list.Length == 0, string.Join('\n', list));
    }

    // As a word of a name in Pascal case: not the "Common" in "Commons".
    [GeneratedRegex("(Helper|Helpers|Util|Utils|Utility|Utilities|Manager|Common)(?![a-z])")]
    private static partial Regex EmptyWord();

    // In pieces, so that this file passes its own test.
    [GeneratedRegex(@"\b(TO" + @"DO|FIX" + @"ME|HA" + @"CK|XX" + @"X|NotImplemented" + @"Exception)\b"
        + @"|\bSkip(When|Unless|Type|Exceptions)?\s*=[^=>]|\bAssert\.Skip\w*")]
    private static partial Regex Unfinished();

    // Homebrew on Linux has one place on every machine.
    [GeneratedRegex(@"(?<![\w.*])/(root|home(?!/linuxbrew)|Users)/")]
    private static partial Regex HomeFolder();

    [GeneratedRegex(@"^\d{4}_[a-z0-9_]+\.sql$")]
    private static partial Regex MigrationName();
}
