using System.Net;
using System.Net.Sockets;
using EventFlux.Silo.Hosting;
using EventFlux.Tests.Fixtures;
using Npgsql;

namespace EventFlux.Tests.Hosting;

/// <summary>One data folder for all of them, since making one is what takes time; each leaves the server
/// stopped.</summary>
public sealed class LocalPostgresTests(DataFolder folder) : IClassFixture<DataFolder>
{
    [Fact]
    public async Task Start_AfterAnInterruptedInitdb_BeginsAnew()
    {
        await using var own = new DataFolder();
        Directory.CreateDirectory(own.Path);
        var unfinished = Directory.CreateDirectory(Path.Combine(own.Path, "postgres.new"));
        await File.WriteAllTextAsync(Path.Combine(unfinished.FullName, "PG_VERSION"), "15\n", Cancellation);

        await using var server = await LocalPostgres.StartAsync(
            new LocalPostgresOptions { Directory = own.Path }, Cancellation);

        Assert.Equal(1, await AskAsync(server));
        Assert.False(Directory.Exists(unfinished.FullName));
    }

    [Fact]
    public async Task Start_ServerKilledAndItsPidTakenByAnother_StartsAgain()
    {
        await using (await StartAsync())
        {
        }

        // What kill -9 leaves, with a number that now belongs to this test.
        await File.WriteAllTextAsync(
            Path.Combine(folder.Path, "postgres", "postmaster.pid"),
            $"{Environment.ProcessId}\n{folder.Path}/postgres\n1700000000\n5432\n\n127.0.0.1\n\nready\n", Cancellation);

        await using var server = await StartAsync();
        Assert.Equal(1, await AskAsync(server));
    }

    [Fact]
    public async Task Start_LastPortTaken_TakesAnother()
    {
        int port;
        await using (var server = await StartAsync())
            port = new NpgsqlConnectionStringBuilder(server.ConnectionString).Port;
        using var taken = new TcpListener(IPAddress.Loopback, port);
        taken.Start();

        await using var again = await StartAsync();

        Assert.NotEqual(port, new NpgsqlConnectionStringBuilder(again.ConnectionString).Port);
        Assert.Equal(1, await AskAsync(again));
    }

    [Fact]
    public async Task Start_Twice_SecondJoinsAndKeepsItRunning()
    {
        var first = await StartAsync();
        await using var second = await StartAsync();
        Assert.True(first.IsFirst);
        Assert.False(second.IsFirst);

        await first.DisposeAsync();

        Assert.Equal(1, await AskAsync(second));
    }

    [Fact]
    public async Task Password_IsReadableByItsOwnerAlone()
    {
        await using var server = await StartAsync();

        var mode = File.GetUnixFileMode(Path.Combine(folder.Path, "postgres.password"));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode);
        Assert.DoesNotContain(
            folder.Processes(),
            line => line.Contains(
                new NpgsqlConnectionStringBuilder(server.ConnectionString).Password!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Find_NoPrograms_NamesTheThreeWaysOn()
    {
        var refusal = await Assert.ThrowsAsync<StartupException>(
            () => PostgresBinaries.FindAsync(["/nowhere"], null, folder.Path, Cancellation));

        Assert.Contains("Install", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("docker compose up", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("DATABASE_URL", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_DataOfAnotherMajorVersion_NamesBoth()
    {
        var present = await PostgresBinaries.FindAsync(null, folder.Path, Cancellation);

        var refusal = await Assert.ThrowsAsync<StartupException>(
            () => PostgresBinaries.FindAsync([present.Directory], 9, folder.Path, Cancellation));

        Assert.Contains("is of PostgreSQL 9", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"{present.MajorVersion}", refusal.Message, StringComparison.Ordinal);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Task<LocalPostgres> StartAsync() =>
        LocalPostgres.StartAsync(new LocalPostgresOptions { Directory = folder.Path }, Cancellation);

    private static async Task<int> AskAsync(LocalPostgres server)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(server.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand("select 1", connection);
        return (int)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
