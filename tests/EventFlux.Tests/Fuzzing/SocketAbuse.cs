using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace EventFlux.Tests.Fuzzing;

/// <summary>
/// Clients that take their time: connections opened and left, requests never finished, bodies that drip, answers that
/// nobody reads. The server must end what stands still, and serve everybody else meanwhile.
/// </summary>
internal sealed class SocketAbuse(string host, int port)
{
    private const int Connections = 40;

    private const string Body = "POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        + "Content-Length: 5000\r\n\r\n{";

    private static readonly TimeSpan DripPause = TimeSpan.FromMilliseconds(300);

    /// <summary>Longer than the server's own limits for a body that stands still.</summary>
    private static readonly TimeSpan PatienceForBody = TimeSpan.FromSeconds(25);

    /// <summary>Longer than the server's own limits for headers, the slowest of all.</summary>
    private static readonly TimeSpan PatienceForHeaders = TimeSpan.FromSeconds(60);

    /// <summary>What must be over within seconds.</summary>
    /// <returns>A sentence for each fault.</returns>
    public Task<IReadOnlyList<string>> RunBriefAsync() => AllAsync(
        Repeat("a connection opened and closed", () => SendAndCloseAsync("", isReset: false)),
        Repeat("a connection opened and reset", () => SendAndCloseAsync("", isReset: true)),
        Repeat("headers begun and closed", () => SendAndCloseAsync("GET /api/events HTTP/1.1\r\nHos", isReset: false)),
        Repeat("headers begun and reset", () => SendAndCloseAsync("GET /api/events HTTP/1.1\r\nHos", isReset: true)),
        Repeat("a body begun and closed", () => SendAndCloseAsync(Body, isReset: false)),
        Repeat("a body begun and reset", () => SendAndCloseAsync(Body, isReset: true)),
        Repeat("an answer not waited for", () => SendAndCloseAsync(
            "GET /api/events HTTP/1.1\r\nHost: x\r\n\r\n", isReset: true)),
        Repeat("half closed after the request", HalfCloseAsync),
        Repeat("a body never sent", () => IsEndedAsync(Body, drip: "", PatienceForBody)));

    /// <summary>What takes until the server's limits strike.</summary>
    /// <inheritdoc cref="RunBriefAsync" path="/returns"/>
    public Task<IReadOnlyList<string>> RunLongAsync() => AllAsync(
        Repeat("headers never finished", () => IsEndedAsync(
            "GET /api/events HTTP/1.1\r\nHost: x\r\nX-A", drip: "", PatienceForHeaders)),
        Repeat("headers that drip", () => IsEndedAsync(
            "GET /api/events HTTP/1.1\r\nHost: x\r\nX-A: ", drip: "a", PatienceForHeaders)),
        Repeat("a body that drips", () => IsEndedAsync(Body, drip: " ", PatienceForHeaders)),
        Repeat("a chunked body that drips", () => IsEndedAsync(
            Body.Replace("Content-Length: 5000", "Transfer-Encoding: chunked", StringComparison.Ordinal), drip: "\r",
            PatienceForHeaders)),
        Repeat("answers never read", NeverReadAsync));

    private static async Task<IReadOnlyList<string>> AllAsync(params Task<string?>[] cases) =>
        [.. (await Task.WhenAll(cases)).OfType<string>()];

    private static async Task<string?> Repeat(string name, Func<Task<string?>> attack)
    {
        var faults = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => attack()));
        return faults.OfType<string>().FirstOrDefault() is { } fault ? $"{name}: {fault}" : null;
    }

    private async Task<TcpClient> ConnectAsync(string bytes)
    {
        var connection = new TcpClient { NoDelay = true };
        await connection.ConnectAsync(host, port);
        await connection.GetStream().WriteAsync(Encoding.Latin1.GetBytes(bytes));
        return connection;
    }

    private async Task<string?> SendAndCloseAsync(string bytes, bool isReset)
    {
        using var connection = await ConnectAsync(bytes);
        if (isReset) connection.LingerState = new LingerOption(true, 0);
        return null;
    }

    private async Task<string?> HalfCloseAsync()
    {
        using var connection = await ConnectAsync("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
        connection.Client.Shutdown(SocketShutdown.Send);
        var answer = await ReadToEndAsync(connection, PatienceForBody);
        return answer is "" || answer?.StartsWith("HTTP/1.1 200", StringComparison.Ordinal) is true
            ? null
            : $"answered {answer ?? "nothing, and stayed open"}";
    }

    /// <summary>Sends the beginning, then a little again and again; the server has to end it.</summary>
    private async Task<string?> IsEndedAsync(string begin, string drip, TimeSpan patience)
    {
        using var connection = await ConnectAsync(begin);
        using var ended = new CancellationTokenSource();
        var dripping = drip.Length == 0 ? Task.CompletedTask : DripAsync(connection, drip, ended.Token);
        var answer = await ReadToEndAsync(connection, patience);
        await ended.CancelAsync();
        await dripping;
        if (answer is null) return string.Create(CultureInfo.InvariantCulture, $"still open after {patience}");
        return answer is "" || answer.StartsWith("HTTP/1.1 4", StringComparison.Ordinal) ? null : $"answered {answer}";
    }

    private static async Task DripAsync(TcpClient connection, string drip, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(DripPause);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
                await connection.GetStream().WriteAsync(Encoding.Latin1.GetBytes(drip), cancellationToken);
        }
        catch (Exception end) when (end is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The server has ended it, which is what is waited for.
        }
    }

    /// <summary>Asks until both sides' buffers are full, and leaves. The server waits for such a reader by the bytes it
    /// holds for it, which are bounded; so it isn't waited for here until it gives up.</summary>
    private async Task<string?> NeverReadAsync()
    {
        var question = Encoding.Latin1.GetBytes(
            string.Concat(Enumerable.Repeat("GET /api/events HTTP/1.1\r\nHost: x\r\n\r\n", 50)));
        using var connection = new TcpClient { NoDelay = true, ReceiveBufferSize = 4096 };
        await connection.ConnectAsync(host, port);
        using var deadline = new CancellationTokenSource(PatienceForHeaders);
        try
        {
            while (true)
            {
                using var full = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token);
                full.CancelAfter(DripPause);
                await connection.GetStream().WriteAsync(question, full.Token);
            }
        }
        catch (Exception end) when (end is IOException or OperationCanceledException)
        {
            return deadline.IsCancellationRequested ? "a client that reads nothing is answered without end" : null;
        }
    }

    /// <returns>Null when it is still open after that time.</returns>
    private static async Task<string?> ReadToEndAsync(TcpClient connection, TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        try
        {
            using var reader = new StreamReader(connection.GetStream(), Encoding.Latin1);
            return await reader.ReadToEndAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (Exception end) when (end is IOException or InvalidOperationException)
        {
            return "";
        }
    }
}
