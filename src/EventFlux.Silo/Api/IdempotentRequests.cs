using System.Security.Cryptography;
using System.Text;
using EventFlux.Contracts;
using EventFlux.Grains.Storage;
using Microsoft.Extensions.Primitives;

namespace EventFlux.Silo.Api;

/// <summary>
/// Answers a repeated <c>Idempotency-Key</c> with what it led to the first time. The key itself is kept by the event,
/// in the commit of the booking or entry; here it is only looked up. Requests without a key pay nothing.
/// </summary>
internal sealed class IdempotentRequests(IdempotencyKeys keys)
{
    public const string HeaderName = "Idempotency-Key";

    /// <summary>For the documentation.</summary>
    public const string HeaderHelp =
        "1 to 255 printable characters of your choice: a repeat with the same body answers the first answer again.";

    private const int MaxKeyLength = 255;

    /// <summary>Acts once for each key of a user.</summary>
    /// <param name="meaning">What the request asks for, however it was written.</param>
    /// <param name="act">Does it. Its second answer tells whether a twin that ran at the same time may have
    /// won.</param>
    /// <param name="replay">The answer for what the key led to, as it is now; null when that is gone.</param>
    public async Task<IResult> RunAsync(
        HttpRequest request,
        string scope,
        Guid userId,
        string meaning,
        Func<IdempotencyClaim?, Task<(IResult Answer, bool MayHaveTwin)>> act,
        Func<Guid, Task<IResult?>> replay)
    {
        var header = request.Headers[HeaderName];
        if (StringValues.IsNullOrEmpty(header) && header.Count == 0) return (await act(null)).Answer;
        if (!IsKey(header))
            return Problems.Validation(HeaderName, $"must be 1 to {MaxKeyLength} printable ASCII characters, once");

        var claim = new IdempotencyClaim(header.ToString(), SHA256.HashData(Encoding.UTF8.GetBytes(meaning)));
        if (await FindAsync() is { } earlier) return earlier;

        var (answer, mayHaveTwin) = await act(claim);
        return mayHaveTwin && await FindAsync() is { } twin ? twin : answer;

        async Task<IResult?> FindAsync()
        {
            var found = await keys.FindAsync(userId, scope, claim.Key, request.HttpContext.RequestAborted);
            if (found is null) return null;
            return found.RequestHash.Span.SequenceEqual(claim.RequestHash.Span)
                ? await replay(found.ResourceId)
                : new Problem(ErrorCode.IdempotencyKeyReused, "This key was used for a request with another body.");
        }
    }

    private static bool IsKey(StringValues header) =>
        header is [{ Length: >= 1 and <= MaxKeyLength } key] && key.All(character => character is >= ' ' and <= '~');
}
