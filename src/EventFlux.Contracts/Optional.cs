namespace EventFlux.Contracts;

/// <summary>
/// A member of a partial update: left out (<see cref="HasValue"/> is false) or given, where a given <c>null</c> clears.
/// </summary>
[GenerateSerializer, Immutable, Alias("eventflux.Optional`1")]
public readonly record struct Optional<T>
{
    public Optional(T value)
    {
        HasValue = true;
        Value = value;
    }

    /// <summary>Whether the member was given.</summary>
    [Id(0)]
    public bool HasValue { get; }

    /// <summary>The value given; the type's default when none was.</summary>
    [Id(1)]
    public T Value { get; }

    public static implicit operator Optional<T>(T value) => new(value);

    /// <summary>The value given, or <paramref name="current"/> when the member was left out.</summary>
    public T Or(T current) => HasValue ? Value : current;

    /// <summary>The same with the value, where one was given, turned into another.</summary>
    public Optional<TOther> Select<TOther>(Func<T, TOther> map) => HasValue ? map(Value) : default(Optional<TOther>);
}
