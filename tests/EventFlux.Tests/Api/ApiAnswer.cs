using System.Net.Http.Headers;
using System.Text.Json;

namespace EventFlux.Tests.Api;

/// <summary>What came back over HTTP.</summary>
/// <param name="Json">The body; undefined when there is none, or none that is JSON.</param>
public sealed record ApiAnswer(
    int Status, JsonElement Json, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders)
{
    /// <summary>The error's code; null when it is none.</summary>
    public string? Code => Find("code")?.GetString();

    /// <summary>The resource's id.</summary>
    public Guid Id => Json.GetProperty("id").GetGuid();

    /// <summary>A list's items.</summary>
    public JsonElement[] Items => [.. Json.GetProperty("items").EnumerateArray()];

    public static async Task<ApiAnswer> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync();
            var isJson = response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal);
            var json = text.Length == 0 || isJson != true ? default : JsonDocument.Parse(text).RootElement;
            return new((int)response.StatusCode, json, response.Headers, response.Content.Headers);
        }
    }

    /// <summary>A member of the body, or null.</summary>
    public JsonElement? Find(string member) =>
        Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty(member, out var value) ? value : null;

    public int Int(string member) => Json.GetProperty(member).GetInt32();

    public string? Text(string member) => Json.GetProperty(member).GetString();

    /// <summary>Asserts a status and goes on with the answer.</summary>
    public ApiAnswer Is(int status)
    {
        Assert.True(Status == status, $"expected {status}, got {Status}: {Json}");
        return this;
    }

    /// <summary>Asserts a refusal as the contract has it: status, code, and the members of every problem.</summary>
    public ApiAnswer IsRefusal(int status, string code)
    {
        Is(status);
        Assert.Equal(code, Code);
        Assert.Equal("application/problem+json", ContentHeaders.ContentType?.MediaType);
        Assert.Equal(status, Int("status"));
        foreach (var member in (string[])["type", "title", "detail", "instance", "trace_id"])
            Assert.False(string.IsNullOrEmpty(Text(member)), member);
        return this;
    }

    /// <summary>Asserts a refusal of the input that names exactly these members.</summary>
    public void IsInvalid(params string[] members)
    {
        IsRefusal(400, "VALIDATION_ERROR");
        Assert.Equal(members, Json.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order());
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Status} {Json}";
}
