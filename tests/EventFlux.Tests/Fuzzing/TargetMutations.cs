namespace EventFlux.Tests.Fuzzing;

/// <summary>What can be wrong with a request's first line: method, path, query, version.</summary>
internal static class TargetMutations
{
    private static readonly string[] Methods =
    [
        "GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "CONNECT", "PROPFIND", "QUERY", "get",
        "Post",
        "GETX", new('M', 300),
    ];

    public static readonly Mutation[] All =
    [
        new("a hostile parameter", (draft, random) => Set(
            draft, random, HostileValues.Percent(random.Pick(HostileValues.Texts), random))),
        new("percent tricks", (draft, random) => Set(draft, random, random.Pick(HostileValues.Percents))),
        new("an unknown parameter", (draft, random) => draft.Query.Add((
            random.Next(2) == 0 ? "unknown" : HostileValues.Percent(random.Pick(HostileValues.MemberNames), random),
            HostileValues.Percent(random.Pick(HostileValues.Texts), random)))),
        new("a parameter twice", (draft, random) =>
        {
            if (draft.Query.Count > 0) draft.Query.Add(random.Pick(draft.Query));
            else draft.Query.AddRange([("a", "1"), ("a", "2")]);
        }),
        new("a parameter without value", (draft, _) => draft.Query.Add(("page", ""))),
        new("two thousand parameters", (draft, _) =>
        {
            for (var number = 0; number < 500; number++) draft.Query.Add(($"p{number}", "1"));
        }),
        Path("a hostile last segment", (path, random) =>
            path[..(path.LastIndexOf('/') + 1)] + HostileValues.Percent(random.Pick(HostileValues.Texts), random)),
        Path("percent tricks in the path", (path, random) => path + random.Pick(HostileValues.Percents)),
        Path("a slash behind", (path, _) => path + "/"),
        Path("slashes twice", (path, _) => path.Replace("/", "//", StringComparison.Ordinal)),
        Path("dots", (path, _) => path.Insert(Math.Max(0, path.LastIndexOf('/')), "/x/..")),
        Path("escaped dots", (path, _) => path.Insert(Math.Max(0, path.LastIndexOf('/')), "/%2e%2e/%2e%2e")),
        Path("capitals", (path, _) => path.ToUpperInvariant()),
        Path("a matrix parameter", (path, _) => path + ";a=b"),
        Path("a fragment", (path, _) => path + "#a"),
        Path("another root", (path, random) => random.Pick([
            "/", "/api", "/docs/../..", "/openapi/v1.json", "/health/ready", "/metrics", "/.env", "/.git/config",
            "/appsettings.json", "/dashboard", "/api/admin/users"])),
        new("an absolute target", (draft, _) => Break(draft, "http://elsewhere.example" + draft.Path)),
        new("no path", (draft, random) => Break(
            draft, random.Pick(["", "*", "a", "a:1", "\\", "?", "http://", "://"]))),
        new("a space in the target", (draft, _) => Break(draft, draft.Path + " x")),
        new("raw bytes in the target", (draft, random) => Break(
            draft, draft.Path + random.Pick(["\xff\xfe", "\xc3\xa9", "\0", "\x01", "\x7f", "\t", "\r", "\n"]))),
        new("a long path", (draft, random) => Break(
            draft, draft.Path + "/" + new string('a', random.Pick([2000, 8000, 9000, 40_000])))),
        new("another method", (draft, random) =>
        {
            draft.Method = random.Pick(Methods);
            draft.LeaveContract();
            if (draft.Method is "CONNECT" || draft.Method.Length > 20) draft.Break();
        }),
        new("another version", (draft, random) =>
        {
            draft.Version = random.Pick([
                "HTTP/1.0", "HTTP/1.2", "HTTP/2.0", "HTTP/0.9", "HTTP/9.9", "HTTP/1.1 ", "http/1.1", "HTTP/1", "",
                "X"]);
            draft.Break();
        }),
    ];

    /// <summary>A value for a parameter of the query or the path, where there is one.</summary>
    private static void Set(RequestDraft draft, Random random, string value)
    {
        var parameters = draft.Operation.Parameters.Where(parameter => parameter.Place is "query" or "path").ToArray();
        if (parameters.Length == 0)
        {
            draft.Query.Add(("limit", value));
            return;
        }

        var parameter = random.Pick(parameters);
        if (parameter.Place == "query")
        {
            draft.Query.RemoveAll(pair => pair.Name == parameter.Name);
            draft.Query.Add((parameter.Name, value));
            return;
        }

        var steps = draft.Operation.Path.Split('/');
        var sent = draft.Path.Split('/');
        var at = Array.IndexOf(steps, $"{{{parameter.Name}}}");
        if (at >= sent.Length || at < 0) return;
        sent[at] = value;
        draft.Path = string.Join('/', sent);
        // It may be no segment of its own any more.
        draft.LeaveContract();
        if (value.Any(character => character is ' ' or '\\' or '"' or '<' or '{' or '|' or '^' or '`')) draft.Break();
    }

    private static Mutation Path(string name, Func<string, Random, string> change) => new(name, (draft, random) =>
    {
        draft.Path = change(draft.Path, random);
        draft.LeaveContract();
    });

    private static void Break(RequestDraft draft, string path)
    {
        draft.Path = path;
        draft.Break();
    }
}
