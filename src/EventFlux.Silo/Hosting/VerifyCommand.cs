using System.Globalization;
using EventFlux.Contracts.Faults;
using EventFlux.Grains.Storage;
using Npgsql;

namespace EventFlux.Silo.Hosting;

/// <summary><c>verify</c> and <c>verify --rebuild</c>: a line a difference, and at the end how many there
/// are.</summary>
internal static class VerifyCommand
{
    private const int Agree = 0;
    private const int Differ = 1;

    /// <param name="output">For the differences.</param>
    /// <param name="progress">For what is being looked at.</param>
    /// <returns>The exit code: whether there are differences, with <paramref name="rebuild"/> after it.</returns>
    /// <exception cref="StartupException">The database went away.</exception>
    public static async Task<int> RunAsync(
        SiloDatabase database, bool rebuild, TextWriter output, TextWriter progress,
        CancellationToken cancellationToken = default)
    {
        // What a statement takes follows the size of the database; and the end of a connection ends its locks.
        var login = SiloLogin.AsSilo(database.Options.ConnectionString!);
        (login.Pooling, login.CommandTimeout) = (false, 0);
        await using var source = NpgsqlDataSource.Create(login.ConnectionString);
        try
        {
            var differences = await VerifyAsync();
            if (!rebuild || differences == 0) return differences == 0 ? Agree : Differ;

            await new Rebuilding(source).RunAsync(table => progress.WriteLine($"mending {table}"), cancellationToken);
            return await VerifyAsync() == 0 ? Agree : Differ;
        }
        catch (ServiceUnavailableException away)
        {
            throw DatabaseFaults.Describe(away.InnerException!, login.ConnectionString);
        }

        async Task<long> VerifyAsync()
        {
            var differences = await new Verification(source).RunAsync(
                found => output.WriteLine(Line(found)), table => progress.WriteLine($"looking at {table}"),
                cancellationToken);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{differences} differences"));
            return differences;
        }
    }

    private static string Line(SumDifference found) => string.Create(
        CultureInfo.InvariantCulture,
        $"{found.Table}, {found.Place}, {found.What}: kept {found.Kept}, recomputed {found.Recomputed}");
}
