using System.Net;
using System.Net.Sockets;
using EventFlux.Silo.Hosting;
using EventFlux.Tests.Fixtures;
using Npgsql;

namespace EventFlux.Tests.Hosting;

public sealed class LocalPostgresTests : IDisposable
{
    private readonly DataFolder _folder = new();

    [Fact]
    public async Task Start_AfterAnInterruptedInitdb_BeginsAnew()
    {
        Directory.CreateDirectory(_folder.Path);
        var unfinished = Directory.CreateDirectory(Path.Combine(_folder.Path, "postgres.new"));
        await File.WriteAllTextAsync(Path.Combine(unfinished.FullName, "PG_VERSION"), "15\n", Cancellation);

        await using var server = await StartAsync();

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
            Path.Combine(_folder.Path, "postgres", "postmaster.pid"),
            $"{Environment.ProcessId}\n{_folder.Path}/postgres\n1700000000\n5432\n\n127.0.0.1\n\nready\n", Cancellation);

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

        var mode = File.GetUnixFileMode(Path.Combine(_folder.Path, "postgres.password"));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode);
        Assert.DoesNotContain(
            _folder.Processes(),
            line => line.Contains(
                new NpgsqlConnectionStringBuilder(server.ConnectionString).Password!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Find_NoPrograms_NamesTheThreeWaysOn()
    {
        var refusal = await Assert.ThrowsAsync<StartupException>(
            () => PostgresBinaries.FindAsync(["/nowhere"], null, _folder.Path, Cancellation));

        Assert.Contains("Install", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("docker compose up", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("DATABASE_URL", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_DataOfAnotherMajorVersion_NamesBoth()
    {
        var present = await PostgresBinaries.FindAsync(null, _folder.Path, Cancellation);

        var refusal = await Assert.ThrowsAsync<StartupException>(
            () => PostgresBinaries.FindAsync([present.Directory], 9, _folder.Path, Cancellation));

        Assert.Contains("is of PostgreSQL 9", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"{present.MajorVersion}", refusal.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Task<LocalPostgres> StartAsync() =>
        LocalPostgres.StartAsync(new LocalPostgresOptions { Directory = _folder.Path }, Cancellation);

    private static async Task<int> AskAsync(LocalPostgres server)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(server.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand("select 1", connection);
        return (int)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
