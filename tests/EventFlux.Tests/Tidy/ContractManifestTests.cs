namespace EventFlux.Tests.Tidy;

/// <summary>The committed manifest is what the assemblies say, so that a change of it shows in every review.</summary>
public sealed class ContractManifestTests
{
    private const string ManifestPath = "src/EventFlux.Contracts/OrleansContracts.txt";
    private const string UpdateVariable = "EVENTFLUX_UPDATE_CONTRACTS";

    [Fact]
    public void Manifest_IsWhatTheAssembliesSay()
    {
        var lines = ContractManifest.Lines();
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
            File.WriteAllLines(Path.Combine(SourceTree.Root, ManifestPath), lines);

        var committed = SourceTree.Read(ManifestPath).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] changes =
        [
            .. committed.Except(lines).Select(line => $"- {line}"),
            .. lines.Except(committed).Select(line => $"+ {line}"),
        ];

        Assert.True(changes.Length == 0,
            $"""
             {ManifestPath} differs:
             {string.Join('\n', changes)}

             Silos of two releases run side by side during an upgrade, and stored state outlives both. Safe: a new
             method, type, or member with a new id. Not safe: another meaning for an alias, an id, a type or a number
             that is in use; give it a new one instead. When the change is meant so:
               {UpdateVariable}=1 dotnet test --filter {nameof(ContractManifestTests)}
             and commit the file with the change.
             """);
        Assert.Equal(lines, committed);
    }
}
