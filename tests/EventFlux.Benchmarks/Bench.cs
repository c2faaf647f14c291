using System.Globalization;
using System.Text;
using System.Text.Json;
using EventFlux.Benchmarks.Load;
using EventFlux.Contracts.Users;
using EventFlux.Grains.Storage;
using EventFlux.Silo.Hosting;
using EventFlux.Tests.Fixtures;
using Npgsql;

namespace EventFlux.Benchmarks;

/// <summary>A durable private PostgreSQL (fsync on) and silos on it, as real processes, and the tokens to use
/// them.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private readonly string _folder;
    private readonly LocalPostgres _postgres;
    private readonly TokenMint _tokens = new();
    private readonly List<SiloProcess> _silos = [];
    private int _postmaster;

    private Bench(string folder, LocalPostgres postgres)
    {
        (_folder, _postgres) = (folder, postgres);
        JwtSecret = Encoding.UTF8.GetBytes(_tokens.Secret);
        Secrets = [_tokens.Secret, new NpgsqlConnectionStringBuilder(postgres.ConnectionString).Password!];
        Database = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { MaxPoolSize = 40 }.ConnectionString);
    }

    /// <summary>The first.</summary>
    public SiloProcess Silo => _silos[0];

    public IReadOnlyList<SiloProcess> Silos => _silos;

    public NpgsqlDataSource Database { get; }

    /// <summary>As the silo has it.</summary>
    public string ConnectionString => _postgres.ConnectionString;

    public ReadOnlyMemory<byte> JwtSecret { get; }

    /// <summary>What the silo knows and nobody else may.</summary>
    public IReadOnlyList<string> Secrets { get; }

    /// <summary>Of the silos that run now.</summary>
    public ProcessorClock Processors => new([.. _silos.Select(silo => silo.Id)], _postmaster);

    /// <summary>With the program's own silo.</summary>
    /// <param name="environment">Further variables of the silo.</param>
    public static Task<Bench> StartAsync(params (string Name, string Value)[] environment) =>
        StartAsync(bench => bench.AddSiloAsync(environment));

    /// <summary>With a <see cref="MeasuredSilo"/>.</summary>
    public static Task<Bench> StartMeasuredAsync() => StartAsync(async bench => bench._silos.Add(
        await SiloProcess.StartReadyAsync(bench.Variables(), "EventFlux.Benchmarks.dll", MeasuredSilo.Verb)));

    /// <summary>With a migrated database and no silo.</summary>
    public static Task<Bench> StartWithoutSiloAsync() => StartAsync(
        async bench => await new MigrationRunner(bench.ConnectionString, MigrationScript.Embedded()).RunAsync());

    /// <summary>One more, of a program elsewhere.</summary>
    public async Task AddSiloOfAsync(string program) =>
        _silos.Add(await SiloProcess.StartReadyAsync(Variables(), program));

    /// <summary>One more of the program's own.</summary>
    public async Task AddSiloAsync(params (string Name, string Value)[] environment) =>
        _silos.Add(await SiloProcess.StartReadyAsync(Variables(environment)));

    /// <summary>Ends all silos, as an operator would.</summary>
    public async Task StopSilosAsync()
    {
        foreach (var silo in _silos) silo.Terminate();
        foreach (var silo in _silos)
        {
            await silo.WaitForExitAsync();
            await silo.DisposeAsync();
        }

        _silos.Clear();
    }

    /// <summary>What a silo here is started with.</summary>
    public Dictionary<string, string?> Variables(params (string Name, string Value)[] environment)
    {
        var variables = new Dictionary<string, string?>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["DATABASE_URL"] = ConnectionString,
            ["JWT_SECRET"] = _tokens.Secret,
            ["SILO_HOST"] = "127.0.0.1",
            ["SHUTDOWN_DRAIN_SECONDS"] = "0",
            ["RATE_LIMIT_ENABLED"] = "false",
        };
        foreach (var (name, value) in environment) variables[name] = value;
        return variables;
    }

    /// <summary>A token of a user who never called before.</summary>
    public string NewToken(UserRole role = UserRole.User) => _tokens.Issue(Guid.NewGuid(), role);

    /// <summary>Users who never called before.</summary>
    public Caller[] NewCallers(int count) => [.. Enumerable.Range(0, count).AsParallel().Select(_ => NewCaller())];

    public Caller NewCaller(UserRole role = UserRole.User)
    {
        var user = Guid.NewGuid();
        return new(user, Encoding.ASCII.GetBytes(_tokens.Issue(user, role)));
    }

    /// <summary>Connections to all silos.</summary>
    public Task<LoadDriver> ConnectAsync(int connections) =>
        LoadDriver.ConnectAsync([.. _silos.Select(silo => silo.Port)], connections, Processors);

    /// <summary>An event for sale, over HTTP.</summary>
    public async Task<Guid> CreateEventAsync(int capacity)
    {
        var body = JsonSerializer.Serialize(new
        {
            name = "The hottest event", venue = "A hall", capacity, price = 10m,
            event_date = TimeProvider.System.GetUtcNow().AddDays(30),
        });
        using var connection = await LoadConnection.OpenAsync(Silo.Port);
        var answer = await connection.AskAsync(
            new RequestForm("POST", "/api/events", body), NewCaller(UserRole.Admin).Token);
        return answer.Status == 201
            ? Judges.IdOf(answer)
            : throw new InvalidOperationException($"No event: {Encoding.UTF8.GetString(answer.Body.Span)}");
    }

    /// <summary>One number from the database.</summary>
    public async Task<long> CountAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    /// <summary>What a <see cref="MeasuredSilo"/> holds in memory, garbage not counted.</summary>
    public async Task<long> HeapBytesAsync() =>
        long.Parse(await Silo.Http.GetStringAsync(MeasuredSilo.Heap), CultureInfo.InvariantCulture);

    /// <summary>However long it takes.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Removes all events and what was sold. Those made afterwards are new ones: no silo misses its
    /// rows.</summary>
    public Task ForgetSalesAsync() => ExecuteAsync(
        "TRUNCATE events, event_inventory, bookings, waitlist_entries, buyers, booking_analytics, outbox");

    /// <summary>A fast wrong answer is no answer: recomputes every sum from the rows, as <c>verify</c> does.</summary>
    /// <param name="bookings">That were acknowledged, or made beforehand; each must be a row.</param>
    public async Task VerifyAsync(long bookings)
    {
        await ExpectAsync(bookings, "SELECT count(*) FROM bookings", "bookings");
        await new Verification(Database).RunAsync(
            found => throw new InvalidOperationException($"The database contradicts itself: {found}"), _ => { },
            CancellationToken.None);
    }

    /// <summary>Ends the run when the database holds another number of something.</summary>
    public async Task ExpectAsync(long expected, string sql, string what)
    {
        if (await CountAsync(sql) is var found && found != expected)
            throw new InvalidOperationException($"The database holds {found} {what}; {expected} were acknowledged.");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos) await silo.DisposeAsync();
        await Database.DisposeAsync();
        await _postgres.DisposeAsync();
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private static async Task<Bench> StartAsync(Func<Bench, Task> start)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"eventflux-bench-{Guid.NewGuid():N}");
        var bench = new Bench(folder, await LocalPostgres.StartAsync(new LocalPostgresOptions { Directory = folder }));
        try
        {
            await start(bench);
            var backend = (int)await bench.CountAsync("SELECT pg_backend_pid()");
            bench._postmaster = ProcessorClock.ParentOf(backend) ?? 0;
            return bench;
        }
        catch
        {
            await bench.DisposeAsync();
            throw;
        }
    }
}
