using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using EventFlux.Tests.Faults;
using EventFlux.Tests.Fixtures;
using Npgsql;

namespace EventFlux.Tests.Secrets;

/// <summary>
/// A silo in Production that tells as much as it can (log level Debug), used and broken in many ways, writes none of
/// its secrets, and nothing about a person. Neither does it answer them to anybody but their owner.
/// </summary>
public sealed class SecretsAtWorkTests(PostgresServer server) : IAsyncLifetime
{
    private const string Key = "idempotency-key-7f3a91";

    private readonly Secret _jwtSecret = new("JWT_SECRET", Random());
    private readonly Secret _databasePassword = new("the database's password", $"pa$s/w?ö@rd:{Random()}");
    private readonly Secret _adminPassword = new("ADMIN_PASSWORD", Random());
    private readonly Secret _adminEmail = new("ADMIN_EMAIL", "first-admin-41c2@example.org");
    private readonly Secret _password = new("a user's password", $"{Random()}ß");
    private readonly Secret _wrongPassword = new("a wrong password", Random());
    private readonly Secret _email = new("a user's address", "marigold.whitby-8823@example.org");
    private readonly Secret _firstName = new("a user's first name", "Marigoldine");
    private readonly List<Secret> _tokens = [];
    private readonly ConcurrentQueue<(int Status, string Text)> _answers = [];

    private TestDatabase _database = null!;
    private PostgresProxy? _proxy;
    private SiloProcess _silo = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await server.CreateEmptyDatabaseAsync();
        var role = $"silo_{Guid.NewGuid():N}";
        await using (var create = _database.DataSource.CreateCommand(
            $"CREATE ROLE {role} LOGIN SUPERUSER PASSWORD '{_databasePassword.Value}'"))
            await create.ExecuteNonQueryAsync();

        var login = new NpgsqlConnectionStringBuilder(_database.ConnectionString);
        _proxy = new PostgresProxy(login.Port);
        _silo = await SiloProcess.StartReadyAsync(new Dictionary<string, string?>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["DATABASE_URL"] = $"postgresql://{role}:{Uri.EscapeDataString(_databasePassword.Value)}"
                + $"@127.0.0.1:{_proxy.Port}/{login.Database}",
            ["JWT_SECRET"] = _jwtSecret.Value,
            ["ADMIN_EMAIL"] = _adminEmail.Value,
            ["ADMIN_PASSWORD"] = _adminPassword.Value,
            ["SILO_HOST"] = "127.0.0.1",
            ["SHUTDOWN_DRAIN_SECONDS"] = "0",
            ["RATE_LIMIT_ENABLED"] = "false",
            ["Logging__LogLevel__Default"] = "Debug",
            ["Logging__LogLevel__Microsoft"] = "Debug",
            ["Logging__LogLevel__Npgsql"] = "Debug",
            ["Logging__LogLevel__Orleans"] = "Information",
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_silo is not null) await _silo.DisposeAsync(); // It may never have started.
        if (_proxy is not null) await _proxy.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Silo_UsedAndBroken_WritesAndAnswersNoSecret()
    {
        var token = await SignUpAndInAsync();
        await MistakeAsync(token);
        var concert = await BookAsync(token);
        await BreakDatabaseAsync(token, concert);
        // Not asked to stop: without its database a silo takes long to leave the cluster.
        _silo.Kill();
        await _silo.WaitForExitAsync();

        Secret[] silos = [_jwtSecret, _databasePassword, _adminPassword, _password, _wrongPassword];
        Secret[] all = [.. silos, _adminEmail, _email, _firstName, .. _tokens, new("an idempotency key", Key)];
        Secret.AssertNone(all, _silo.Output, "the log");
        Secret.AssertNone(all, _silo.Errors, "the error stream");
        Assert.Contains("\"LogLevel\":\"Debug\"", _silo.Output, StringComparison.Ordinal);
        foreach (var (status, text) in _answers)
            Secret.AssertNone(status < 400 ? silos : all, text, $"an answer of {status}");
        // Every kind of answer was there to be searched.
        foreach (var status in (int[])[200, 201, 400, 401, 409, 415, 503])
            Assert.Contains(status, _answers.Select(answer => answer.Status));
    }

    private async Task<string> SignUpAndInAsync()
    {
        var account = $$"""
            {"email":"{{_email.Value}}","password":"{{_password.Value}}","first_name":"{{_firstName.Value}}",
            "last_name":"W"}
            """;
        await SendAsync(HttpMethod.Post, "auth/register", account);
        await SendAsync(HttpMethod.Post, "auth/register", account);
        await SendAsync(HttpMethod.Post, "auth/login", LogIn(_email, _wrongPassword));
        await SendAsync(HttpMethod.Post, "auth/login", LogIn(_adminEmail, _adminPassword));
        return await SendAsync(HttpMethod.Post, "auth/login", LogIn(_email, _password)) is { } session
            ? TokenOf(session)
            : throw new InvalidOperationException($"No login: {string.Join('\n', _answers)}");
    }

    /// <summary>What people do by mistake: the secret stands where it doesn't belong.</summary>
    private async Task MistakeAsync(string token)
    {
        var change = $$"""{"current_password":"{{_wrongPassword.Value}}","new_password":"{{_password.Value}}"}""";
        await SendAsync(HttpMethod.Put, "auth/change-password", change, token);
        await SendAsync(HttpMethod.Post, "auth/login", LogIn(_email, _password)[..^3]);
        await SendAsync(
            HttpMethod.Post, "auth/login", $$$"""{"email":["{{{_email.Value}}}"],"{{{_password.Value}}}":{"a":1}}""");
        await SendAsync(HttpMethod.Post, "auth/login", $"password={_password.Value}", type: "text/plain");
        await SendAsync(HttpMethod.Get, "auth/profile", null, token[..^4]);
        await SendAsync(HttpMethod.Get, "auth/profile", null, _password.Value.Trim('ß'));
        await SendAsync(HttpMethod.Get, "auth/profile", null, token);
        await SendAsync(HttpMethod.Put, "auth/profile", $$"""{"first_name":"{{_firstName.Value}}\u0000"}""", token);
    }

    private async Task<string> BookAsync(string token)
    {
        await SendAsync(HttpMethod.Post, "auth/login", LogIn(_adminEmail, _adminPassword));
        var body = $$"""
            {"name":"A concert","venue":"A hall","event_date":"2090-05-01T18:30:00Z","capacity":10,"price":10}
            """;
        var created = await SendAsync(HttpMethod.Post, "events", body, _tokens[^1].Value);
        var concert = created!.Split("\"id\":\"")[1][..36];
        _proxy!.Arm(PostgresProxy.Fault.CutBeforeCommit);
        var ticket = $$"""{"event_id":"{{concert}}","quantity":1}""";
        await SendAsync(HttpMethod.Post, "bookings", ticket, token, key: Key);
        await SendAsync(HttpMethod.Post, "bookings", ticket, token, key: Key);
        return ticket;
    }

    private async Task BreakDatabaseAsync(string token, string ticket)
    {
        await _proxy!.DisposeAsync();
        _proxy = null;
        var change = $$"""{"current_password":"{{_password.Value}}","new_password":"{{_wrongPassword.Value}}"}""";
        await Task.WhenAll(
            SendAsync(HttpMethod.Post, "auth/login", LogIn(_email, _password)),
            SendAsync(HttpMethod.Get, "auth/profile", null, token),
            SendAsync(HttpMethod.Post, "bookings", ticket, token, key: Key + "-2"),
            SendAsync(HttpMethod.Put, "auth/change-password", change, token));
    }

    private async Task<string?> SendAsync(
        HttpMethod method, string path, string? body, string? token = null, string? key = null,
        string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, "/api/" + path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, type);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        using var answer = await _silo.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        _answers.Enqueue(((int)answer.StatusCode, $"{answer.Headers}{answer.Content.Headers}{text}"));
        if (answer.IsSuccessStatusCode && text.Contains("\"token\"", StringComparison.Ordinal)) TokenOf(text);
        return answer.IsSuccessStatusCode ? text : null;
    }

    private string TokenOf(string session)
    {
        var token = session.Split("\"token\":\"")[1].Split('"')[0];
        if (_tokens.All(known => known.Value != token))
        {
            // Its signature alone would do, beside the rest that anybody could write.
            _tokens.Add(new("a token's signature", token.Split('.')[2]));
            _tokens.Add(new("a token", token));
        }

        return token;
    }

    private static string LogIn(Secret email, Secret password) =>
        $$"""{"email":"{{email.Value}}","password":"{{password.Value}}"}""";

    private static string Random() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(33));
}
