using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace EventFlux.Silo.Api;

/// <summary>JSON as the contract has it: snake case, nothing unknown, nothing twice, numbers as numbers, instants with
/// an offset in and in UTC with a <c>Z</c> out.</summary>
public static class ApiJson
{
    /// <summary>Read-only; shared by everything that reads or writes the API's JSON.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>Letters of every script as they are. What is answered is JSON and says that nobody may guess otherwise,
    /// so markup in it needs no escapes.</summary>
    public static JavaScriptEncoder Encoder => JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>Sets the contract's rules on the options that the framework made.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DictionaryKeyPolicy = null;
        options.PropertyNameCaseInsensitive = false;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.AllowDuplicateProperties = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.MaxDepth = 16;
        options.Encoder = Encoder;
        options.Converters.Add(new InstantConverter());
        options.Converters.Add(new MoneyConverter());
        options.Converters.Add(new OptionalConverterFactory());
        options.TypeInfoResolverChain.Insert(0, ApiJsonContext.Default);
        options.TypeInfoResolverChain.Add(new DefaultJsonTypeInfoResolver());
    }

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions();
        Configure(options);
        options.MakeReadOnly();
        return options;
    }

    /// <summary>RFC 3339. An instant without an offset would mean another moment on each machine, so it is
    /// refused.</summary>
    private sealed class InstantConverter : JsonConverter<DateTimeOffset>
    {
        /// <inheritdoc/>
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.String && Rfc3339.TryParse(reader.GetString(), out var instant))
                return instant;
            throw new JsonException("must be an RFC 3339 timestamp with an offset, such as 2030-05-01T18:30:00Z");
        }

        /// <inheritdoc/>
        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(Rfc3339.Format(value));
    }

    /// <summary>Every decimal of the API is an amount or a rate: two decimals, exactly.</summary>
    private sealed class MoneyConverter : JsonConverter<decimal>
    {
        /// <inheritdoc/>
        public override decimal Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.Number && reader.TryGetDecimal(out var value)) return value;
            throw new JsonException("must be a number");
        }

        /// <inheritdoc/>
        public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) =>
            writer.WriteRawValue(value.ToString("F2", CultureInfo.InvariantCulture));
    }
}
