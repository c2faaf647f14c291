using System.Text.Json;
using EventFlux.Contracts.Users;
using EventFlux.Grains.Storage;
using EventFlux.Grains.Users;
using EventFlux.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Storage;
using Orleans.TestingHost;

namespace EventFlux.Tests.Users;

/// <summary>
/// One silo with the users' grains on real grain storage. Two of these on one database don't know each other, so one
/// id has an activation on each: a real pair of duplicates.
/// </summary>
internal sealed class UserCluster : IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;

    private UserCluster(InProcessTestCluster cluster, LogCapture logs) => (_cluster, Logs) = (cluster, logs);

    public LogCapture Logs { get; }

    public Accounts Accounts => Service<Accounts>();

    /// <param name="workFactor">BCrypt's least by default: these tests are not about the cost.</param>
    /// <param name="time">What the grains take for now; the real time when left out.</param>
    public static async Task<UserCluster> StartAsync(TestDatabase database, int workFactor = 4, HeldClock? time = null)
    {
        var logs = new LogCapture();
        var builder = new InProcessTestClusterBuilder(1);
        // Part of the key of every stored row: clusters that share it share their users.
        builder.Options.ServiceId = "users";
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddAdoNetGrainStorageAsDefault(options => options.Configure<IServiceProvider>((storage, _) =>
            {
                storage.Invariant = "Npgsql";
                storage.DataSource = database.DataSource;
                storage.GrainStorageSerializer = new SnakeCaseSerializer();
            }));
            silo.Services.AddSingleton(database.DataSource);
            silo.Services.AddSingleton(new PasswordHashingOptions { WorkFactor = workFactor });
            silo.Services.AddSingleton<TimeProvider>(time ?? TimeProvider.System);
            // The cluster itself lives in real time.
            silo.Services.AddKeyedSingleton("Orleans.Membership", TimeProvider.System);
            silo.Services.AddSingleton<Database>();
            silo.Services.AddUsers();
            silo.Services.AddLogging(logging => logging.AddProvider(logs).SetMinimumLevel(LogLevel.Trace));
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new(cluster, logs);
    }

    public IUserGrain User(Guid id) => _cluster.Client.GetGrain<IUserGrain>(id);

    public T Service<T>()
        where T : notnull =>
        _cluster.GetSiloServiceProvider().GetRequiredService<T>();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    private sealed class SnakeCaseSerializer : IGrainStorageSerializer
    {
        private static readonly JsonSerializerOptions Options =
            new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

        public BinaryData Serialize<T>(T? input) => BinaryData.FromObjectAsJson(input, Options);

        public T Deserialize<T>(BinaryData input) => input.ToObjectFromJson<T>(Options)!;
    }
}
