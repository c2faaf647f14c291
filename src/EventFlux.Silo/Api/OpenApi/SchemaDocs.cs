using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using EventFlux.Contracts;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace EventFlux.Silo.Api.OpenApi;

/// <summary>Makes schemas say what is on the wire, where a type's members alone suggest something else.</summary>
internal static partial class SchemaDocs
{
    private const string Request = "Request";

    /// <summary>The type's name among the components; null for one that stands where it is used.</summary>
    public static string? NameOf(JsonTypeInfo type) => IsOptional(type.Type) || type.Type == typeof(ResourceId)
        ? null
        : OpenApiOptions.CreateDefaultSchemaReferenceId(type);

    public static async Task TransformAsync(
        OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var (type, member) = (context.JsonTypeInfo.Type, context.JsonPropertyInfo);
        if (schema.Description is { } description) schema.Description = Space().Replace(description, " ");
        if (IsOptional(type))
        {
            type = type.GetGenericArguments()[0];
            var inner = await context.GetOrCreateSchemaAsync(type, cancellationToken: cancellationToken);
            (schema.Type, schema.Format) = (inner.Type, inner.Format);
        }

        DescribeText(schema, type);
        if (context.JsonTypeInfo.ElementType is { } element && CellsOf(element) is { } cells) schema.Items = cells;
        if (member is null) DescribeObject(schema, context.JsonTypeInfo);
        // Of an object the reference to its schema says that it may be null.
        else if (IsOfRequest(member) && context.JsonTypeInfo.Kind != JsonTypeInfoKind.Object)
            schema.Type = WithNull(schema.Type, member);
    }

    /// <summary>Types that have converters of their own.</summary>
    private static void DescribeText(OpenApiSchema schema, Type type)
    {
        var underlying = Nullable.GetUnderlyingType(type);
        var nullable = underlying is null ? default : JsonSchemaType.Null;
        type = underlying ?? type;
        if (type == typeof(DateTimeOffset))
            (schema.Type, schema.Format) = (JsonSchemaType.String | nullable, "date-time");
        else if (type == typeof(decimal))
            // Not "multipleOf 0.01": most validators divide binary fractions, and would refuse 19.99.
            (schema.Type, schema.Format) = (JsonSchemaType.Number | nullable, "decimal");
        else if (CellsOf(type) is { } cells)
            (schema.Type, schema.MinItems, schema.MaxItems, schema.Items) =
                (cells.Type, cells.MinItems, cells.MaxItems, cells.Items);
    }

    /// <summary>An array that stands for an object, to keep an answer with thousands of them short; null for all other
    /// types.</summary>
    private static OpenApiSchema? CellsOf(Type type) => type == typeof(SeatMapSeat) ? Cells(3, 4)
        : type == typeof(SeatChangeResponse) ? Cells(2, 2)
        : null;

    private static OpenApiSchema Cells(int least, int most) => new()
    {
        Type = JsonSchemaType.Array,
        MinItems = least,
        MaxItems = most,
        Items = new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Number },
    };

    private static void DescribeObject(OpenApiSchema schema, JsonTypeInfo type)
    {
        foreach (var member in type.Properties.Where(member => IsOptional(member.PropertyType)))
            schema.Required?.Remove(member.Name);
        // What is answered may grow; a client must not choke on that.
        if (!type.Type.Name.EndsWith(Request, StringComparison.Ordinal)) schema.AdditionalPropertiesAllowed = true;
    }

    /// <summary>The types of requests take null everywhere, so that all faults can be told at once; the contract takes
    /// it where it means something.</summary>
    private static JsonSchemaType? WithNull(JsonSchemaType? type, JsonPropertyInfo member)
    {
        var takesNull = IsOptional(member.PropertyType)
            ? member.AttributeProvider?.IsDefined(typeof(NullClearsAttribute), inherit: false) is true
            : member.AssociatedParameter is { HasDefaultValue: true };
        return takesNull ? type | JsonSchemaType.Null : type & ~JsonSchemaType.Null;
    }

    private static bool IsOfRequest(JsonPropertyInfo member) =>
        member.DeclaringType.Name.EndsWith(Request, StringComparison.Ordinal);

    private static bool IsOptional(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Optional<>);

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
