using System.Reflection;

namespace EventFlux.Tests.Tidy;

/// <summary>
/// What silos of one release say to those of the next, in a text that a review can read: grains, their methods, and
/// what crosses their calls, each under the name that is on the wire.
/// </summary>
internal static class ContractManifest
{
    private static readonly NullabilityInfoContext Nullability = new();

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(bool)] = "bool", [typeof(int)] = "int", [typeof(long)] = "long", [typeof(decimal)] = "decimal",
        [typeof(string)] = "string", [typeof(byte)] = "byte",
    };

    /// <summary>In ordinal order, one thing a line.</summary>
    public static IReadOnlyList<string> Lines() =>
        [.. OrleansTypes.GrainClasses.Select(Grain)
            .Concat(OrleansTypes.GrainServices.Select(Service))
            .Concat(OrleansTypes.GrainInterfaces.SelectMany(OrleansTypes.MethodsOf).Select(Method))
            .Concat(OrleansTypes.Serialised.Select(Serialised))
            .Concat(OrleansTypes.Enums.Select(Enumeration))
            .Order(StringComparer.Ordinal)];

    private static string Grain(Type type)
    {
        var interfaces = type.GetInterfaces().Where(OrleansTypes.GrainInterfaces.Contains).Select(Name);
        return $"grain {OrleansTypes.GrainTypeOf(type)}: {string.Join(", ", interfaces)}";
    }

    private static string Service(Type type)
    {
        var contract = type.GetInterfaces().Single(OrleansTypes.GrainInterfaces.Contains);
        return $"service {contract.FullName}: {Name(contract)}";
    }

    private static string Method(MethodInfo method)
    {
        var parameters = method.GetParameters()
            .Select(parameter => Name(parameter.ParameterType) + Mark(Nullability.Create(parameter)));
        var answer = Name(method.ReturnType);
        if (Nullability.Create(method.ReturnParameter).GenericTypeArguments is [var inner])
            answer = answer[..^1] + Mark(inner) + ">";
        return $"method {Name(method.DeclaringType!)}.{OrleansTypes.AliasOf(method)}"
            + $"({string.Join(", ", parameters)}) -> {answer}";
    }

    private static string Serialised(Type type)
    {
        var members = OrleansTypes.StateOf(type)
            .Where(member => member.IsDefined(typeof(IdAttribute)))
            .Select(member => (Member: member, member.GetCustomAttribute<IdAttribute>()!.Id))
            .OrderBy(member => member.Id)
            .Select(member => $"{member.Id}: {TypeOf(member.Member)} {member.Member.Name}");
        return $"type {Name(type)} {{ {string.Join("; ", members)} }}".Replace("{  }", "{ }", StringComparison.Ordinal);
    }

    private static string Enumeration(Type type)
    {
        var members = type.GetEnumNames().Select(name => $"{(int)Enum.Parse(type, name)}: {name}");
        return $"enum {type.Name} {{ {string.Join("; ", members)} }}";
    }

    private static string TypeOf(MemberInfo member) => member switch
    {
        PropertyInfo property => Name(property.PropertyType) + Mark(Nullability.Create(property)),
        FieldInfo field => Name(field.FieldType) + Mark(Nullability.Create(field)),
        _ => throw new ArgumentException($"{member} holds nothing.", nameof(member)),
    };

    // Nullable values are named with their mark already.
    private static string Mark(NullabilityInfo info) =>
        info.ReadState == NullabilityState.Nullable && !info.Type.IsValueType && !info.Type.IsGenericParameter
            ? "?"
            : "";

    private static string Name(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } value)
            return Name(value) + "?";
        if (Keywords.TryGetValue(type, out var keyword))
            return keyword;
        if (type.IsArray)
            return Name(type.GetElementType()!) + "[]";
        var name = OrleansTypes.AliasOf(type) ?? type.Name;
        return type.IsConstructedGenericType
            ? $"{name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
            : name;
    }
}
