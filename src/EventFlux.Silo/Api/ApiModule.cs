using EventFlux.Silo.Api.OpenApi;
using EventFlux.Silo.Hosting;
using EventFlux.Silo.RateLimiting;
using FluentValidation;
using Microsoft.AspNetCore.ResponseCompression;

namespace EventFlux.Silo.Api;

/// <summary>The REST API: what it needs, and where it is.</summary>
internal static class ApiModule
{
    private const long MaxCacheBytes = 64 * 1024 * 1024;
    private const string BriefCache = "brief";

    public static WebApplicationBuilder AddEventFluxApi(this WebApplicationBuilder builder, ApiOptions options)
    {
        Validation.UseWireNames();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyRules.MaxBytes;
        });
        var services = builder.Services;
        services.AddSingleton(options);
        services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddExceptionHandler<ApiExceptionHandler>();
        services.AddSingleton<IdempotentRequests>();
        services.AddSingleton<CreatorNames>();
        services.AddSingleton<IValidator<CreateBookingRequest>, TicketRequestValidator<CreateBookingRequest>>();
        services.AddSingleton<IValidator<JoinWaitlistRequest>, TicketRequestValidator<JoinWaitlistRequest>>();
        services.AddSingleton<IValidator<RegisterUserRequest>, RegisterUserValidator>();
        services.AddSingleton<IValidator<LogInRequest>, LogInValidator>();
        services.AddSingleton<IValidator<UpdateProfileRequest>, UpdateProfileValidator>();
        services.AddSingleton<IValidator<ChangePasswordRequest>, ChangePasswordValidator>();
        services.AddSingleton<IValidator<CreateEventRequest>, CreateEventValidator>();
        services.AddSingleton<IValidator<UpdateEventRequest>, UpdateEventValidator>();
        // It would judge content types before tokens; BodyRules does it after.
        services.RemoveAll(static service => service.ImplementationType?.Name == "AcceptsMatcherPolicy");
        services.AddEventFluxOpenApi();
        services.AddResponseCompression(compression =>
        {
            compression.Providers.Add<BrotliCompressionProvider>();
            compression.Providers.Add<GzipCompressionProvider>();
            compression.MimeTypes = ["application/json"];
        });
        services.AddOutputCache(cache =>
        {
            cache.SizeLimit = MaxCacheBytes;
            // The default rules keep what carries a token out of the cache, and vary by the whole query.
            cache.AddPolicy(BriefCache, policy => policy.Expire(TimeSpan.FromSeconds(1)));
        });
        services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. options.CorsOrigins]).AllowAnyHeader().AllowAnyMethod()
            .WithExposedHeaders(["ETag", "Location", "Retry-After", .. RateLimitHeaders.Names])));
        return builder;
    }

    /// <summary>In the order in which a request meets it.</summary>
    public static WebApplication UseEventFluxApi(this WebApplication app)
    {
        app.UseTrustedProxies();
        app.Use((context, next) =>
        {
            context.Response.Headers.XContentTypeOptions = "nosniff";
            // What can be read can be asked for without its body; the server knows what came in and sends none.
            if (HttpMethods.IsHead(context.Request.Method)) context.Request.Method = HttpMethods.Get;
            return next(context);
        });
        app.UseMiddleware<AdmissionLimit>();
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(context => BareStatus.WriteAsync(context.HttpContext));
        app.UseRouting();
        app.UseCors();
        // A page's question whether it may ask (CORS preflight) has been answered and counts nowhere; what a page may
        // read of a refusal is decided above, too.
        var isLimited = app.Services.GetRequiredService<RateLimits>().IsEnabled;
        if (isLimited) app.UseMiddleware<AddressLimits>();
        app.UseAuthentication();
        app.UseAuthorization();
        if (isLimited) app.UseMiddleware<UserLimits>();
        app.UseMiddleware<BodyRules>();
        app.UseResponseCompression();
        app.UseOutputCache();
        return app;
    }

    public static WebApplication MapEventFluxApi(this WebApplication app)
    {
        var api = app.MapGroup("/api").RefuseUnknownQuery();
        api.MapAuth();
        api.MapEvents();
        api.MapBookings();
        api.MapWaitlist();
        app.MapEventFluxOpenApi();
        return app;
    }

    private static void RemoveAll(this IServiceCollection services, Func<ServiceDescriptor, bool> isUnwanted)
    {
        foreach (var service in services.Where(isUnwanted).ToArray()) services.Remove(service);
    }

    /// <summary>A public answer is made once a second on a silo, however many ask for it.</summary>
    public static RouteHandlerBuilder CacheBriefly(this RouteHandlerBuilder endpoint) =>
        endpoint.CacheOutput(BriefCache);
}
