using System.Globalization;
using System.Text;
using EventFlux.Grains.Storage;
using EventFlux.Silo.Hosting;
using Npgsql;

namespace EventFlux.Benchmarks;

/// <summary>What it costs a commit to keep the numbers of buyers: the program's own commits, beside the same ones that
/// add to the books alone.</summary>
internal static class BuyersScenario
{
    private const string FillBuyers = """
        INSERT INTO buyers SELECT md5(n::text)::uuid, 1 + n % 3 FROM generate_series(0, $1 - 1) AS n
        """;

    private static readonly int[] BatchSizes = [1, 16, 128];

    public static async Task RunAsync(ScenarioOptions options)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"eventflux-bench-{Guid.NewGuid():N}");
        var rows = await MeasureAsync(folder, options);
        Directory.Delete(folder, recursive: true);
        await Results.SaveAsync("buyers", Report(options, rows), options.IsTrial);
    }

    /// <returns>The lines of a table. PostgreSQL has stopped by then.</returns>
    private static async Task<string> MeasureAsync(string folder, ScenarioOptions options)
    {
        await using var postgres = await LocalPostgres.StartAsync(new LocalPostgresOptions { Directory = folder });
        await new MigrationRunner(postgres.ConnectionString, MigrationScript.Embedded()).RunAsync();
        await SiloLogin.EnsureAsync(postgres.ConnectionString, postgres.SiloConnectionString);
        await using (var owner = NpgsqlDataSource.Create(postgres.ConnectionString))
        {
            await using var fill = owner.CreateCommand(FillBuyers);
            fill.Parameters.Add(new() { Value = CommitsOfBookings.Users });
            await fill.ExecuteNonQueryAsync();
        }

        var rows = new StringBuilder();
        foreach (var (disk, setting) in new[] { ("", "off"), (", durable", "on") })
        {
            foreach (var bookings in BatchSizes)
            {
                await using var with = new CommitsOfBookings(Pool(postgres, setting), bookings);
                await using var without = new CommitsOfBookings(Pool(postgres, setting), bookings, WithoutBuyers);
                var line = await PairedRounds.MeasureAsync(
                    $"commit of {bookings} bookings{disk}", with.CommitAsync, without.CommitAsync, options);
                Console.WriteLine(line);
                rows.AppendLine(line);
            }
        }

        return rows.ToString().TrimEnd();
    }

    /// <summary>The commit as it would be if nobody counted buyers.</summary>
    private static void WithoutBuyers(NpgsqlBatch commit)
    {
        var books = commit.BatchCommands.OfType<NpgsqlBatchCommand>()
            .Single(command => command.CommandText == EventCommitSql.AddToDaysAndBuyers);
        books.CommandText = EventCommitSql.AddToDays;
        while (books.Parameters.Count > 10) books.Parameters.RemoveAt(10);
    }

    /// <summary>Statements are prepared as a silo prepares them.</summary>
    private static NpgsqlDataSource Pool(LocalPostgres postgres, string synchronousCommit)
    {
        var login = SiloLogin.AsSilo(postgres.SiloConnectionString);
        (login.MaxPoolSize, login.MaxAutoPrepare, login.AutoPrepareMinUsages) = (1, 100, 2);
        login.Options += $" -c synchronous_commit={synchronousCommit}";
        return NpgsqlDataSource.Create(login.ConnectionString);
    }

    private static string Report(ScenarioOptions options, string rows) => string.Create(
        CultureInfo.InvariantCulture, $"""
        # buyers

        Commits of bookings, one after the other on one connection: the program's own, which keep in the statement of
        the books how many people hold a booking, beside the same ones with that part left out. Each booking is of
        another of {CommitsOfBookings.Users} users, who all have a row in `buyers`. First without waiting for the disk,
        which would hide what is looked for, then durable. One machine with {Environment.ProcessorCount} processors,
        busy with other work; {options.Rounds} rounds of {options.Round.TotalSeconds:F0} s, in each one commit with, two
        without, one with, and so on. Medians, and of the rounds' ratios also the least and the greatest.

        | | µs with | µs without | ratio |
        | --- | ---: | ---: | ---: |
        {rows}

        Repeat: `dotnet run -c Release --project tests/EventFlux.Benchmarks -- buyers --seconds {
            options.Round.TotalSeconds:F0} --rounds {options.Rounds}`

        """);
}
