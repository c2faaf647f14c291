namespace EventFlux.Silo.Api;

/// <summary>What can be read can be asked for without its body: endpoints see a GET, and the server, which knows what
/// came in, sends none.</summary>
internal static class HeadRequests
{
    public static void UseHeadRequests(this WebApplication app) => app.Use((context, next) =>
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Request.Method = HttpMethods.Get;
            context.Features.Set(new Head());
        }

        return next(context);
    });

    /// <summary>Whether nothing of the body will be sent: what has no end must know.</summary>
    public static bool IsHead(this HttpContext context) => context.Features.Get<Head>() is not null;

    private sealed record Head;
}
