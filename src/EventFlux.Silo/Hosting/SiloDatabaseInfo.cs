using Npgsql;

namespace EventFlux.Silo.Hosting;

/// <summary>Where the data are, in words for people: no password in it.</summary>
internal sealed record SiloDatabaseInfo(string Place)
{
    public static SiloDatabaseInfo Of(SiloOptions asked, SiloOptions opened)
    {
        if (asked.ConnectionString is null)
            return new SiloDatabaseInfo($"private PostgreSQL in {opened.DataDirectory}");
        var target = new NpgsqlConnectionStringBuilder(opened.ConnectionString);
        return new SiloDatabaseInfo($"PostgreSQL at {target.Host}:{target.Port}, database {target.Database}");
    }
}
