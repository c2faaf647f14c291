namespace EventFlux.Silo.Hosting;

/// <summary>Whether the host is still starting: until then its faults are told by the program's end, not by the
/// log.</summary>
internal sealed class StartPhase
{
    private volatile bool _isOver;

    public bool IsOver => _isOver;

    public void End() => _isOver = true;
}
