namespace EventFlux.Silo.Api;

/// <summary>Marks the members of a partial update that a null clears; for the others null is a fault.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NullClearsAttribute : Attribute;
