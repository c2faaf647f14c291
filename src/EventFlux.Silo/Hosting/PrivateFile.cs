using System.Security.Cryptography;

namespace EventFlux.Silo.Hosting;

/// <summary>Secrets kept in a file that only its owner may read (0600).</summary>
internal static class PrivateFile
{
    /// <summary>The secret in the file; when there is none, a new random one of 32 bytes in base64url. Two processes
    /// at once get the same one: a complete file is linked into place, and the first wins.</summary>
    public static string GetOrCreate(string path)
    {
        if (Read(path) is { } existing)
            return existing;

        var complete = $"{path}.{Environment.ProcessId}.new";
        Write(complete, Base64UrlEncode(RandomNumberGenerator.GetBytes(32)));
        try
        {
            File.Move(complete, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(complete);
        }

        return Read(path) ?? throw new IOException($"The file {path} is empty.");
    }

    /// <summary>Replaces the file.</summary>
    public static void Write(string path, string content)
    {
        File.Delete(path);
        using var stream = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        using var writer = new StreamWriter(stream);
        writer.Write(content);
    }

    private static string? Read(string path) =>
        File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } content ? content : null;

    private static string Base64UrlEncode(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
