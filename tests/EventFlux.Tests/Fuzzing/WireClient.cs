using System.Net.Sockets;

namespace EventFlux.Tests.Fuzzing;

/// <summary>
/// Sends bytes as they are, over one connection after another: a well-framed request leaves its connection open for the
/// next one, so that a server which loses count of its input is found out. One user at a time.
/// </summary>
internal sealed class WireClient(string host, int port) : IDisposable
{
    /// <summary>Answers that don't come at once to input that is broken on purpose may be none at all.</summary>
    private static readonly TimeSpan QuietAfterBroken = TimeSpan.FromMilliseconds(400);

    private TcpClient? _connection;
    private WireReader? _reader;

    /// <param name="patience">An answer that takes longer is a hang.</param>
    /// <exception cref="WireException">No answer, or none that is HTTP.</exception>
    public async Task<IReadOnlyList<WireAnswer>> ExchangeAsync(FuzzRequest request, TimeSpan patience)
    {
        if (_reader is { HasRest: true } || _connection is { Available: > 0 })
        {
            Close();
            throw new WireException("bytes came before the request was sent: the one before was answered twice");
        }

        try
        {
            return request.Ending switch
            {
                Ending.KeepAlive => [await AskAsync(request, patience)],
                Ending.Abandon => await AbandonAsync(request),
                _ => await ReadAllAsync(request, patience),
            };
        }
        catch
        {
            Close();
            throw;
        }
    }

    public void Dispose() => Close();

    private async Task<WireAnswer> AskAsync(FuzzRequest request, TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        for (var isReused = _connection is not null; ; isReused = false)
        {
            try
            {
                await SendAsync(request, deadline.Token);
                if (await _reader!.ReadAsync(request.IsHead, deadline.Token) is { } answer)
                {
                    if (answer.EndsConnection) Close();
                    return answer;
                }
            }
            catch (IOException) when (isReused)
            {
                // The server has closed it while nobody asked anything.
            }
            catch (OperationCanceledException)
            {
                throw new WireException($"no answer within {patience.TotalSeconds} s");
            }

            Close();
            if (!isReused) throw new WireException("the connection was closed without an answer");
        }
    }

    private async Task<IReadOnlyList<WireAnswer>> ReadAllAsync(FuzzRequest request, TimeSpan patience)
    {
        Close();
        var answers = new List<WireAnswer>();
        try
        {
            using (var deadline = new CancellationTokenSource(patience)) await SendAsync(request, deadline.Token);
            // Broken input may be waited on for the rest of it, so only the first answer is given time.
            while (true)
            {
                using var deadline = new CancellationTokenSource(QuietAfterBroken);
                if (await _reader!.ReadAsync(request.IsHead, deadline.Token) is not { } answer) break;
                answers.Add(answer);
                if (answer.Status == 101) break;
            }
        }
        catch (Exception end) when (end is IOException or OperationCanceledException)
        {
            // Reset after a refusal, or still waiting for more.
        }
        catch (WireException) when (request.Wire.AsSpan().StartsWith("PRI * HTTP/2.0"u8))
        {
            // Refused in the protocol that it asked for.
        }

        Close();
        return answers;
    }

    private async Task<IReadOnlyList<WireAnswer>> AbandonAsync(FuzzRequest request)
    {
        Close();
        await SendAsync(request, CancellationToken.None);
        // With a reset instead of an orderly end.
        _connection!.LingerState = new LingerOption(true, 0);
        Close();
        return [];
    }

    private async Task SendAsync(FuzzRequest request, CancellationToken cancellationToken)
    {
        if (_connection is null)
        {
            _connection = new TcpClient { NoDelay = true };
            await _connection.ConnectAsync(host, port, cancellationToken);
            _reader = new WireReader(_connection.GetStream());
        }

        try
        {
            await _connection.GetStream().WriteAsync(request.Wire, cancellationToken);
        }
        catch (IOException) when (request.IsBroken || request.Ending != Ending.KeepAlive)
        {
            // Refused before all of it was sent; the answer may be there.
        }
    }

    private void Close()
    {
        _connection?.Dispose();
        (_connection, _reader) = (null, null);
    }
}
