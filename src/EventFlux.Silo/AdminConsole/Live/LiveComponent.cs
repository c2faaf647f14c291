using Microsoft.AspNetCore.Components;

namespace EventFlux.Silo.AdminConsole.Live;

/// <summary>
/// A part of a page that reads what it shows, and reads it again every few seconds while it is open. It is loading
/// until the first answer; a fault is told, and what was shown before stays.
/// </summary>
/// <typeparam name="T">What is shown.</typeparam>
public abstract class LiveComponent<T> : ComponentBase, IDisposable
    where T : class
{
    /// <summary>Of the time, at most one part in so many is spent on reading: what is slow to read is read more
    /// seldom.</summary>
    private const int RestPerRead = 10;

    private readonly CancellationTokenSource _closed = new();
    private int _reads;

    protected LiveComponent() => Closed = _closed.Token;

    /// <summary>What was read last; null while loading, or when there is no such thing.</summary>
    protected T? Data { get; private set; }

    /// <summary>No answer has come yet.</summary>
    protected bool IsLoading { get; private set; } = true;

    /// <summary>Why the last read failed; null when it didn't.</summary>
    protected string? Fault { get; private set; }

    [Inject]
    protected TimeProvider Time { get; set; } = null!;

    [Inject]
    private ILoggerFactory Logging { get; set; } = null!;

    /// <summary>From one read to the next, at least.</summary>
    protected virtual TimeSpan Period => TimeSpan.FromSeconds(3);

    /// <summary>Ends when the page is closed.</summary>
    protected CancellationToken Closed { get; }

    protected abstract Task<T?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Called with what each read has found.</summary>
    protected virtual void OnRead(T? data)
    {
    }

    /// <summary>Other parameters, other things to show.</summary>
    protected override Task OnParametersSetAsync() => ReloadAsync();

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender) _ = KeepReadingAsync();
    }

    /// <summary>Reads now. Of reads that overtake each other the one begun last counts.</summary>
    protected async Task ReloadAsync()
    {
        var read = ++_reads;
        try
        {
            var data = await ReadAsync(Closed);
            if (read != _reads) return;
            (Data, Fault) = (data, null);
            OnRead(data);
        }
        catch (Exception) when (Closed.IsCancellationRequested)
        {
            return;
        }
        catch (Exception fault)
        {
            if (read != _reads) return;
            Fault = ConsoleFaults.Tell(fault, Logging.CreateLogger(GetType())).Detail;
        }

        IsLoading = false;
    }

    private async Task KeepReadingAsync()
    {
        var pause = Period;
        try
        {
            while (true)
            {
                await Task.Delay(pause, Time, Closed);
                var began = Time.GetTimestamp();
                await InvokeAsync(ReloadAsync);
                await InvokeAsync(StateHasChanged);
                var rest = RestPerRead * Time.GetElapsedTime(began);
                pause = rest > Period ? rest : Period;
            }
        }
        catch (Exception) when (Closed.IsCancellationRequested)
        {
            // The page is closed.
        }
    }

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
        GC.SuppressFinalize(this);
    }
}
