using System.Net;
using System.Text.RegularExpressions;
using EventFlux.Silo.Api;
using EventFlux.Silo.Hosting;
using EventFlux.Tests.Tidy;
using Microsoft.Extensions.Configuration;
using Npgsql;
using YamlDotNet.RepresentationModel;
using ErrorCode = EventFlux.Silo.Api.ErrorCode;

namespace EventFlux.Tests.Deploy;

/// <summary>What <c>docker compose up</c> would give to a silo is what a silo takes.</summary>
public sealed partial class ComposeFileTests
{
    private static readonly Dictionary<string, string> Filled = new()
    {
        ["POSTGRES_PASSWORD"] = "b7e1f0c2d9", ["SILO_DATABASE_PASSWORD"] = "4ac81d0e77",
        ["JWT_SECRET"] = "mZ4v0Qk8Tq2xN7cR1sW5yB9uE3hL6pJd",
    };

    private readonly YamlMappingNode _services = (YamlMappingNode)Load()["services"];

    [Fact]
    public void SiloEnvironment_FilledIn_IsTakenInProduction()
    {
        var options = SiloOptionsReader.Read(ConfigurationWith(Filled));

        Assert.False(options.IsDevelopment);
        Assert.Equal((3000, 11_111, 30_000), (options.Port, options.SiloPort, options.GatewayPort));
    }

    [Fact]
    public void SiloEnvironment_TrustsTheProxysNetworkAlone()
    {
        var trusted = SiloOptionsReader.Read(ConfigurationWith(Filled)).TrustedProxies;

        // Docker's own pools for networks, where nothing else is said to it.
        Assert.Contains(trusted, network => network.Contains(IPAddress.Parse("172.18.0.5")));
        Assert.Contains(trusted, network => network.Contains(IPAddress.Parse("192.168.16.5")));
        Assert.DoesNotContain(trusted, network => network.Contains(IPAddress.Parse("203.0.113.9")));
        Assert.DoesNotContain("trusted_proxies", SourceTree.Read("deploy/Caddyfile"), StringComparison.Ordinal);
    }

    [Fact]
    public void MigrateEnvironment_OwnsTheDatabaseAndMakesTheSilosLogin()
    {
        var options = SiloOptionsReader.Read(ConfigurationWith(Filled, "migrate"), serving: false);

        var owner = new NpgsqlConnectionStringBuilder(options.MigrationConnectionString);
        var postgres = Environment("postgres", Filled);
        Assert.Equal("postgres", owner.Host);
        Assert.Equal(postgres["POSTGRES_USER"], owner.Username);
        Assert.Equal(postgres["POSTGRES_PASSWORD"], owner.Password);
        Assert.Equal(postgres["POSTGRES_DB"], owner.Database);
        Assert.Equal(SiloOptionsReader.Read(ConfigurationWith(Filled)).ConnectionString, options.ConnectionString);
    }

    [Fact]
    public void SiloEnvironment_HoldsNothingOfTheOwner()
    {
        var silo = Environment("silo", Filled);
        var login = new NpgsqlConnectionStringBuilder(
            SiloOptionsReader.Read(ConfigurationWith(Filled)).ConnectionString);

        Assert.All(silo.Values, value =>
            Assert.DoesNotContain(Filled["POSTGRES_PASSWORD"], value, StringComparison.Ordinal));
        Assert.NotEqual(Environment("postgres", Filled)["POSTGRES_USER"], login.Username);
        Assert.Equal(Filled["SILO_DATABASE_PASSWORD"], login.Password);
    }

    [Fact]
    public void Environments_HaveOnlyVariablesThatTheSiloReads()
    {
        var known = VariableName().Matches(CommandLine.Help()).Select(match => match.Value).ToHashSet();

        Assert.Subset(known, Environment("silo", Filled).Keys.ToHashSet());
        Assert.Subset(known, Environment("migrate", Filled).Keys.ToHashSet());
    }

    [Fact]
    public void Secrets_AreRequired()
    {
        foreach (var name in Filled.Keys)
        {
            var without = Filled.Where(pair => pair.Key != name).ToDictionary();
            var refusal = Assert.Throws<InvalidOperationException>(
                () => (Environment("migrate", without), Environment("silo", without)));
            Assert.StartsWith(name, refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ExampleFile_NamesEveryVariableAndNoSecret()
    {
        var example = SourceTree.Read(".env.example").Split('\n')
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split('=', 2))
            .ToDictionary(parts => parts[0], parts => parts[1]);
        var used = Placeholder().Matches(SourceTree.Read("docker-compose.yml"))
            .Select(match => match.Groups["name"].Value);

        Assert.Equal(used.Distinct().Order(), example.Keys.Order());
        Assert.Equal("HTTP_PORT", Assert.Single(example, pair => pair.Value.Length > 0).Key);
    }

    [Fact]
    public void Silo_CanBeScaled()
    {
        var silo = (YamlMappingNode)_services["silo"];

        Assert.DoesNotContain(silo.Children.Keys, key => $"{key}" is "container_name" or "ports");
        Assert.Contains("dynamic a silo 3000", SourceTree.Read("deploy/Caddyfile"), StringComparison.Ordinal);
    }

    [Fact]
    public void Proxy_KeepsMetricsInside_AsASiloWouldSayIt()
    {
        const ErrorCode Code = ErrorCode.RouteNotFound;
        var caddyfile = SourceTree.Read("deploy/Caddyfile");

        var kept = caddyfile.IndexOf("handle /metrics*", StringComparison.Ordinal);
        Assert.InRange(kept, 0, caddyfile.IndexOf("reverse_proxy", StringComparison.Ordinal));
        Assert.Contains(
            $"\"type\":\"{Problems.TypeOf(Code)}\",\"title\":\"{Problems.TitleOf(Code)}\"", caddyfile,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ProxyWithoutSilo_AnswersAsASiloWould()
    {
        const ErrorCode Code = ErrorCode.ServiceUnavailable;
        string[] expected =
        [
            $"\"type\":\"{Problems.TypeOf(Code)}\",\"title\":\"{Problems.TitleOf(Code)}\"",
            $"\"status\":{Problems.StatusOf(Code)}", $"\"code\":\"{Problems.NameOf(Code)}\"",
            "header Content-Type application/problem+json", "header Retry-After 1",
        ];

        var caddyfile = SourceTree.Read("deploy/Caddyfile");
        Assert.All(expected, text => Assert.Contains(text, caddyfile, StringComparison.Ordinal));
    }

    [Fact]
    public void Image_CopiesOnlyWhatIsThereAndNotIgnored()
    {
        var dockerfile = SourceTree.Read("Dockerfile");
        var allowed = SourceTree.Read(".dockerignore").Split('\n')
            .Where(line => line.StartsWith('!')).Select(line => line[1..]).ToArray();
        var copied = CopyFromContext().Matches(dockerfile)
            .SelectMany(match => match.Groups["sources"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .ToArray();

        Assert.NotEmpty(copied);
        Assert.All(copied, path =>
        {
            Assert.True(Path.Exists(Path.Combine(SourceTree.Root, path)), $"{path} is not there");
            Assert.Contains(allowed, prefix => path.StartsWith(prefix, StringComparison.Ordinal));
        });
        Assert.True(
            dockerfile.IndexOf("USER $APP_UID", StringComparison.Ordinal)
            > dockerfile.LastIndexOf("FROM ", StringComparison.Ordinal), "The silo would run as root.");
    }

    private static IConfiguration ConfigurationWith(
        IReadOnlyDictionary<string, string> variables, string service = "silo") =>
        new ConfigurationBuilder().AddInMemoryCollection(new ComposeFileTests().Environment(service, variables)
            .Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))).Build();

    private static YamlMappingNode Load()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(SourceTree.Read("docker-compose.yml")));
        return (YamlMappingNode)yaml.Documents.Single().RootNode;
    }

    /// <summary>As compose fills it in.</summary>
    private Dictionary<string, string> Environment(string service, IReadOnlyDictionary<string, string> variables) =>
        ((YamlMappingNode)_services[service]["environment"]).ToDictionary(
            pair => $"{pair.Key}",
            pair => Placeholder().Replace($"{pair.Value}", match => Fill(match, variables)));

    private static string Fill(Match placeholder, IReadOnlyDictionary<string, string> variables)
    {
        var name = placeholder.Groups["name"].Value;
        if (variables.TryGetValue(name, out var value))
            return value;
        return placeholder.Groups["kind"].Value == "-"
            ? placeholder.Groups["text"].Value
            : throw new InvalidOperationException($"{name} is required: {placeholder.Groups["text"].Value}");
    }

    [GeneratedRegex(@"\$\{(?<name>\w+):(?<kind>[-?])(?<text>[^}]*)\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\b[A-Z]+(_[A-Z]+)*\b")]
    private static partial Regex VariableName();

    [GeneratedRegex(@"^COPY (?!--from)(--\S+ )?(?<sources>.+) \S+$", RegexOptions.Multiline)]
    private static partial Regex CopyFromContext();
}
