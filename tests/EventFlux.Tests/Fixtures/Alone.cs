namespace EventFlux.Tests.Fixtures;

/// <summary>Test classes that measure times or keep the machine busy: they run one after the other, when nothing else
/// does.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class Alone;
