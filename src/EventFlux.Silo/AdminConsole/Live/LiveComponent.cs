using EventFlux.Contracts.Faults;
using EventFlux.Silo.Api;
using Microsoft.AspNetCore.Components;
using Orleans.Runtime.Messaging;
using ErrorCode = EventFlux.Silo.Api.ErrorCode;

namespace EventFlux.Silo.AdminConsole.Live;

/// <summary>
/// A part of a page that reads what it shows, and reads it again every few seconds while it is open. It is loading
/// until the first answer; a fault is told, and what was shown before stays.
/// </summary>
/// <typeparam name="T">What is shown.</typeparam>
public abstract partial class LiveComponent<T> : ComponentBase, IDisposable
    where T : class
{
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

    /// <summary>From one read to the next.</summary>
    protected virtual TimeSpan Period => TimeSpan.FromSeconds(3);

    /// <summary>Ends when the page is closed.</summary>
    protected CancellationToken Closed { get; }

    protected abstract Task<T?> ReadAsync(CancellationToken cancellationToken);

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
        }
        catch (Exception) when (Closed.IsCancellationRequested)
        {
            return;
        }
        catch (Exception fault)
        {
            if (read != _reads) return;
            Fault = Tell(fault);
        }

        IsLoading = false;
    }

    /// <summary>What a person is told of a fault; ours are logged.</summary>
    protected string Tell(Exception fault)
    {
        if (fault is ServiceUnavailableException or TimeoutException or OrleansException or ConnectionFailedException)
            return "The cluster or its database can't be reached right now.";
        LogUnexpected(Logging.CreateLogger(GetType()), GetType().Name, fault);
        return $"{Problems.TitleOf(ErrorCode.InternalError)}. It is in the log.";
    }

    private async Task KeepReadingAsync()
    {
        using var timer = new PeriodicTimer(Period, Time);
        try
        {
            while (await timer.WaitForNextTickAsync(Closed))
            {
                await InvokeAsync(ReloadAsync);
                await InvokeAsync(StateHasChanged);
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
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }

    [LoggerMessage(LogLevel.Error, "{Part} of the console failed")]
    private static partial void LogUnexpected(ILogger logger, string part, Exception exception);
}
