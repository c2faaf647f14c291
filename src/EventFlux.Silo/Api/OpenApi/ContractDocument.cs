using System.Text;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace EventFlux.Silo.Api.OpenApi;

/// <summary>The document as it is served: made once, since making it walks every endpoint and type. Safe for concurrent
/// use.</summary>
internal sealed class ContractDocument(
    [FromKeyedServices(OpenApiModule.DocumentName)] IOpenApiDocumentProvider provider)
{
    private readonly Lazy<Task<byte[]>> _bytes = new(async () =>
    {
        var document = await provider.GetOpenApiDocumentAsync();
        return Encoding.UTF8.GetBytes(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1));
    });

    public async Task<IResult> AnswerAsync(HttpContext context)
    {
        var bytes = await _bytes.Value;
        return PublicReads.Answer(context, EntityTags.Of(bytes), () => TypedResults.Bytes(bytes, "application/json"));
    }
}
