namespace EventFlux.Grains;

/// <summary>As <c>GetGrain&lt;TGrain&gt;</c>, which looks the interface's attributes up each time. That costs more than
/// all else it does. Safe for concurrent use.</summary>
public sealed class GrainsById<TGrain>(IGrainFactory grains)
    where TGrain : IGrainWithGuidKey
{
    private GrainReference? _known;

    /// <summary>The grain of that id, whether or not it is in memory.</summary>
    public TGrain this[Guid id]
    {
        get
        {
            var known = _known ??= (GrainReference)(object)grains.GetGrain<TGrain>(id);
            var grain = GrainId.Create(known.GrainId.Type, GrainIdKeyExtensions.CreateGuidKey(id));
            return (TGrain)grains.GetGrain(grain, known.InterfaceType);
        }
    }
}
