using System.Reflection;
using Orleans.Core;

namespace EventFlux.Tests.Tidy;

/// <summary>
/// Names and ids of grains and of what crosses their calls are kept in the database and spoken between silos of two
/// releases. Each is written down by hand, so that renaming a class changes none.
/// </summary>
public sealed class GrainIdentityTests
{
    private const string StateNameConstant = "StateName";

    [Fact]
    public void Scan_FindsWhatIsThere()
    {
        Assert.True(OrleansTypes.GrainInterfaces.Count >= 4);
        Assert.Equal(
            OrleansTypes.GrainInterfaces.Count,
            OrleansTypes.GrainClasses.Count + OrleansTypes.GrainServices.Count);
        Assert.True(OrleansTypes.Serialised.Count >= 15);
    }

    [Fact]
    public void GrainClass_NamesItsTypeOnce()
    {
        Assert.All(OrleansTypes.GrainClasses, type => Assert.True(
            OrleansTypes.GrainTypeOf(type) is { Length: > 0 }, $"{type} has no [GrainType]"));
        AssertUnique(OrleansTypes.GrainClasses, type => OrleansTypes.GrainTypeOf(type)!);
    }

    [Fact]
    public void GrainClass_IsSealed() =>
        Assert.All(
            OrleansTypes.GrainClasses.Concat(OrleansTypes.GrainServices),
            type => Assert.True(type.IsSealed, $"{type} is not sealed"));

    [Fact]
    public void InterfaceAndSerialisedType_HaveOneAliasEach()
    {
        Type[] named = [.. OrleansTypes.GrainInterfaces, .. OrleansTypes.Serialised];

        Assert.All(named, type => Assert.True(
            OrleansTypes.AliasOf(type)?.StartsWith("eventflux.", StringComparison.Ordinal) == true,
            $"{type} has no [Alias(\"eventflux.…\")]"));
        AssertUnique(named, type => OrleansTypes.AliasOf(type)!);
    }

    [Fact]
    public void GrainMethod_HasAnAliasOfItsOwn() =>
        Assert.All(OrleansTypes.GrainInterfaces, type =>
        {
            var methods = OrleansTypes.MethodsOf(type).ToArray();
            Assert.All(methods, method => Assert.True(
                OrleansTypes.AliasOf(method) is { Length: > 0 }, $"{type}.{method.Name} has no [Alias]"));
            AssertUnique(methods, method => OrleansTypes.AliasOf(method)!);
        });

    [Fact]
    public void GrainMethod_EndsInAsyncAndIsCancelledByItsLastParameter() =>
        Assert.All(OrleansTypes.GrainInterfaces.SelectMany(OrleansTypes.MethodsOf), method =>
        {
            Assert.EndsWith("Async", method.Name, StringComparison.Ordinal);
            Assert.DoesNotContain(
                method.GetParameters().SkipLast(1), one => one.ParameterType == typeof(CancellationToken));
        });

    [Fact]
    public void SerialisedType_IsSealed() =>
        Assert.All(OrleansTypes.Serialised, type => Assert.True(
            type.IsSealed || type.IsValueType, $"{type} is not sealed: a derived type would cross as the base"));

    [Fact]
    public void SerialisedMember_HasAnIdOfItsOwn() =>
        Assert.All(OrleansTypes.Serialised, type =>
        {
            var members = OrleansTypes.StateOf(type).ToArray();
            Assert.All(members, member => Assert.True(
                member.IsDefined(typeof(IdAttribute)),
                $"{type}.{member.Name} has no [Id] (nor [field: NonSerialized]): it would be lost on the way"));
            AssertUnique(members, member => $"{member.GetCustomAttribute<IdAttribute>()!.Id}");
        });

    [Fact]
    public void StoredState_HasANameOfItsOwn()
    {
        var names = OrleansTypes.GrainClasses.SelectMany(StateNamesOf).ToArray();

        Assert.Contains("user", names);
        Assert.Contains("maintenance", names);
        AssertUnique(names, name => name);
    }

    [Fact]
    public void Enum_StartsAtZeroWithoutDoubles() =>
        Assert.All(OrleansTypes.Enums, type =>
        {
            var values = type.GetEnumValuesAsUnderlyingType().Cast<int>().ToArray();
            Assert.Equal(values.Distinct(), values);
            Assert.True(values.Contains(0), $"{type} has no member for its default, 0");
        });

    /// <summary>Of injected states, and of one that a grain reads itself, whose name is a constant.</summary>
    private static IEnumerable<string> StateNamesOf(Type grain)
    {
        foreach (var parameter in grain.GetConstructors().SelectMany(constructor => constructor.GetParameters()))
        {
            if (parameter.GetCustomAttribute<PersistentStateAttribute>() is { } state)
                yield return state.StateName;
        }

        var fields = grain.GetFields(
            BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public);
        if (!fields.Any(field => field.FieldType is { IsGenericType: true } type
                && type.GetGenericTypeDefinition() == typeof(StateStorageBridge<>)))
            yield break;
        var constant = fields.SingleOrDefault(field => field.IsLiteral && field.Name == StateNameConstant);
        Assert.True(constant is not null, $"{grain} keeps its state's name in no constant '{StateNameConstant}'");
        yield return (string)constant.GetRawConstantValue()!;
    }

    private static void AssertUnique<T>(IEnumerable<T> all, Func<T, string> key)
    {
        var doubles = all.GroupBy(key).Where(same => same.Count() > 1)
            .Select(same => $"'{same.Key}' is claimed by {string.Join(" and ", same)}");
        Assert.Empty(doubles);
    }
}
