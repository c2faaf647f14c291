namespace EventFlux.Grains;

/// <summary>Calls of methods that silos of the release before don't have, for as long as some of them run.</summary>
public static class ReleaseBefore
{
    /// <summary>Makes the first call, and where the grain's silo doesn't know that method, the other.</summary>
    public static async Task<T> OrAsync<T>(Func<Task<T>> call, Func<Task<T>> before)
    {
        try
        {
            return await call();
        }
        catch (TypeLoadException) // What the runtime there says; nothing was done.
        {
            return await before();
        }
    }
}
