using System.CodeDom.Compiler;
using System.Reflection;
using System.Runtime.CompilerServices;
using EventFlux.Contracts.Events;
using EventFlux.Silo.Api;

namespace EventFlux.Tests.Tidy;

/// <summary>What Orleans knows of the program, by reflection, without what its generator adds.</summary>
internal static class OrleansTypes
{
    private const BindingFlags Declared = BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static
        | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly Assembly Contracts = typeof(IEventGrain).Assembly;

    /// <summary>Every written type of the three assemblies.</summary>
    public static IReadOnlyList<Type> All { get; } =
        [.. new[] { Contracts, typeof(EventFlux.Grains.Events.EventInventory).Assembly, typeof(ApiModule).Assembly }
            .SelectMany(assembly => assembly.GetTypes()).Where(IsWritten)
            .OrderBy(type => type.FullName, StringComparer.Ordinal)];

    public static IReadOnlyList<Type> GrainInterfaces { get; } =
        [.. All.Where(type => type.IsInterface && typeof(IAddressable).IsAssignableFrom(type))];

    public static IReadOnlyList<Type> GrainClasses { get; } =
        [.. All.Where(type => type is { IsClass: true, IsAbstract: false } && typeof(IGrain).IsAssignableFrom(type))];

    /// <summary>One of each on every silo. They have no grain type of their own: Orleans makes it from the interface's
    /// full name.</summary>
    public static IReadOnlyList<Type> GrainServices { get; } =
        [.. All.Where(type => type is { IsClass: true, IsAbstract: false }
            && typeof(Orleans.Services.IGrainService).IsAssignableFrom(type))];

    public static IReadOnlyList<Type> Serialised { get; } =
        [.. All.Where(type => type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false))];

    /// <summary>Enums cross a call as their numbers.</summary>
    public static IReadOnlyList<Type> Enums { get; } =
        [.. All.Where(type => type.IsEnum && type.Assembly == Contracts)];

    public static IEnumerable<MethodInfo> MethodsOf(Type type) =>
        type.GetMethods(Declared).Where(method => !method.IsSpecialName);

    /// <summary>Fields and properties that hold something of an instance and aren't kept from crossing, with the
    /// backing fields left to their properties.</summary>
    public static IEnumerable<MemberInfo> StateOf(Type type)
    {
        var fields = type.GetFields(Declared & ~BindingFlags.Static)
            .Where(field => !field.IsDefined(typeof(NonSerializedAttribute))).ToArray();
        foreach (var field in fields.Where(field => !field.IsDefined(typeof(CompilerGeneratedAttribute))))
            yield return field;
        foreach (var property in type.GetProperties(Declared & ~BindingFlags.Static))
        {
            if (fields.Any(field => field.Name == $"<{property.Name}>k__BackingField"))
                yield return property;
        }
    }

    public static string? AliasOf(MemberInfo member) => member.GetCustomAttribute<AliasAttribute>(false)?.Alias;

    public static string? GrainTypeOf(Type type) =>
        type.GetCustomAttributesData().SingleOrDefault(data => data.AttributeType == typeof(GrainTypeAttribute))
            ?.ConstructorArguments[0].Value as string;

    private static bool IsWritten(Type type) =>
        !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        && !type.IsDefined(typeof(GeneratedCodeAttribute), inherit: false)
        && type.Namespace?.StartsWith("EventFlux.", StringComparison.Ordinal) == true
        && (type.DeclaringType is not { } outer || IsWritten(outer));
}
