using Npgsql;

namespace EventFlux.Silo.Hosting;

/// <summary>Understands <c>DATABASE_URL</c> in both forms: a URL, or Npgsql's own connection string.</summary>
internal static class DatabaseUrl
{
    public const string Allowed =
        "postgresql://user:password@host:port/database?sslmode=require, or an Npgsql connection string";

    // Names of libpq, as URLs use them, and Npgsql's.
    private static readonly Dictionary<string, string> Parameters = new(StringComparer.OrdinalIgnoreCase)
    {
        ["sslmode"] = "SSL Mode",
        ["sslrootcert"] = "Root Certificate",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["sslpassword"] = "SSL Password",
        ["channel_binding"] = "Channel Binding",
        ["application_name"] = "Application Name",
        ["connect_timeout"] = "Timeout",
        ["options"] = "Options",
        ["search_path"] = "Search Path",
        ["target_session_attrs"] = "Target Session Attributes",
    };

    /// <param name="text">The variable's value.</param>
    /// <param name="problem">What is wrong, without the value: it holds a password.</param>
    /// <returns>A connection string for Npgsql, or null.</returns>
    public static string? Parse(string text, out string? problem)
    {
        try
        {
            var isUrl = text.Contains("://", StringComparison.Ordinal);
            var builder = isUrl ? FromUrl(text, out problem) : FromConnectionString(text, out problem);
            return builder?.ConnectionString;
        }
        catch (ArgumentException)
        {
            // The driver's own message may repeat a part of the value.
            problem = "has a setting with a value that Npgsql does not take";
            return null;
        }
    }

    private static NpgsqlConnectionStringBuilder? FromConnectionString(string text, out string? problem)
    {
        problem = null;
        NpgsqlConnectionStringBuilder builder;
        try
        {
            builder = new NpgsqlConnectionStringBuilder(text);
        }
        catch (ArgumentException)
        {
            problem = "is no connection string that Npgsql understands";
            return null;
        }

        if (string.IsNullOrEmpty(builder.Host))
            problem = "names no Host";
        else if (string.IsNullOrEmpty(builder.Database))
            problem = "names no Database";
        return problem is null ? builder : null;
    }

    private static NpgsqlConnectionStringBuilder? FromUrl(string text, out string? problem)
    {
        problem = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url))
            problem = "is no URL (percent-encode special characters in user and password)";
        else if (url.Scheme is not ("postgresql" or "postgres"))
            problem = $"begins with {url.Scheme}://, not with postgresql://";
        else if (url.Host.Length == 0)
            problem = "names no host";
        else if (url.AbsolutePath.Trim('/').Length == 0)
            problem = "names no database";
        else if (url.AbsolutePath.Trim('/').Contains('/') || url.Fragment.Length > 0)
            problem = "has something behind the database's name (percent-encode special characters)";
        if (problem is not null)
            return null;

        var login = url!.UserInfo.Split(':', 2);
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = url.Host.Trim('[', ']'),
            Port = url.Port > 0 ? url.Port : NpgsqlConnection.DefaultPort,
            Database = Uri.UnescapeDataString(url.AbsolutePath.Trim('/')),
            Username = login[0].Length > 0 ? Uri.UnescapeDataString(login[0]) : null,
            Password = login.Length > 1 ? Uri.UnescapeDataString(login[1]) : null,
        };
        foreach (var pair in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            if (!Parameters.TryGetValue(parts[0], out var name))
                // Its name is not repeated: a password with a '?' that is not encoded ends up here.
                problem = $"has a parameter that is none of {string.Join(", ", Parameters.Keys)}";
            else
                // libpq writes verify-full, Npgsql VerifyFull.
                builder[name] = Uri.UnescapeDataString(parts.Length > 1 ? parts[1] : "")
                    is var value && name is "SSL Mode" or "Target Session Attributes"
                        ? value.Replace("-", "", StringComparison.Ordinal)
                        : value;
        }

        return problem is null ? builder : null;
    }
}
