using EventFlux.Silo.Api.OpenApi;
using EventFlux.Silo.Hosting;
using EventFlux.Silo.Observability;
using EventFlux.Silo.RateLimiting;
using FluentValidation;

namespace EventFlux.Silo.Api;

/// <summary>The REST API: what it needs, and where it is.</summary>
internal static class ApiModule
{
    private static readonly TimeSpan PreflightLifetime = TimeSpan.FromMinutes(10);

    private static readonly string[] ExposedHeaders =
        ["ETag", "Location", "Retry-After", "Content-Disposition", CsvExports.TotalHeader, .. RateLimitHeaders.Names];

    public static readonly Problem TooSlow =
        new(ErrorCode.ServiceUnavailable, "The request took too long; it is safe to repeat.");

    public static WebApplicationBuilder AddEventFluxApi(this WebApplicationBuilder builder, ApiOptions options)
    {
        Validation.UseWireNames();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            ServerLimits.Set(kestrel.Limits);
        });
        var services = builder.Services;
        services.AddSingleton(options);
        services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddExceptionHandler<ApiExceptionHandler>();
        services.AddSingleton<IdempotentRequests>();
        services.AddSingleton<CreatorNames>();
        services.AddSingleton<EventCalls>();
        services.AddSingleton<EventEditing>();
        services.AddSingleton<SeatEditing>();
        services.AddSeatReads();
        services.AddSingleton<BookingCancelling>();
        services.AddSingleton<RoleSetting>();
        services.AddSingleton<CsvExports>();
        services.AddSingleton<IValidator<CreateBookingRequest>, CreateBookingValidator>();
        services.AddSingleton<IValidator<JoinWaitlistRequest>, JoinWaitlistValidator>();
        services.AddSingleton<IValidator<HoldRequest>, HoldValidator>();
        services.AddSingleton<IValidator<SeatPlanRequest>, SeatPlanValidator>();
        services.AddSingleton<IValidator<BlockSeatsRequest>, BlockSeatsValidator>();
        services.AddSingleton<IValidator<UnblockSeatsRequest>, UnblockSeatsValidator>();
        services.AddSingleton<IValidator<RegisterUserRequest>, RegisterUserValidator>();
        services.AddSingleton<IValidator<LogInRequest>, LogInValidator>();
        services.AddSingleton<IValidator<UpdateProfileRequest>, UpdateProfileValidator>();
        services.AddSingleton<IValidator<ChangePasswordRequest>, ChangePasswordValidator>();
        services.AddSingleton<IValidator<CreateEventRequest>, CreateEventValidator>();
        services.AddSingleton<IValidator<UpdateEventRequest>, UpdateEventValidator>();
        services.AddSingleton<IValidator<SetRoleRequest>, SetRoleValidator>();
        // It would judge content types before tokens; BodyRules does it after.
        services.RemoveAll(static service => service.ImplementationType?.Name == "AcceptsMatcherPolicy");
        services.AddEventFluxOpenApi();
        services.AddPublicReads();
        services.AddSingleton<Cursors>();
        services.AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new()
        {
            Timeout = options.RequestTimeout,
            WriteTimeoutResponse = TooSlow.ExecuteAsync,
        });
        // Bearer tokens only: no cookie is ever sent along, so credentials are not allowed for.
        services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. options.CorsOrigins]).AllowAnyHeader().AllowAnyMethod()
            .SetPreflightMaxAge(PreflightLifetime).WithExposedHeaders(ExposedHeaders)));
        return builder;
    }

    /// <summary>In the order in which a request meets it.</summary>
    public static WebApplication UseEventFluxApi(this WebApplication app)
    {
        app.UseTrustedProxies();
        app.UseSecurityHeaders();
        app.UseHeadRequests();
        // Early, since an endpoint says itself whether it counts; finding it costs no more than a look at the path.
        app.UseRouting();
        app.UseMetricsPort();
        app.UseMiddleware<RequestMeter>();
        app.UseMiddleware<AdmissionLimit>();
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(context => BareStatus.WriteAsync(context.HttpContext));
        app.UseCors();
        app.UseRequestTimeouts();
        // A page's question whether it may ask (CORS preflight) has been answered and counts nowhere; what a page may
        // read of a refusal is decided above, too.
        var isLimited = app.Services.GetRequiredService<RateLimits>().IsEnabled;
        if (isLimited) app.UseMiddleware<AddressLimits>();
        app.UseAuthentication();
        app.UseAuthorization();
        if (isLimited) app.UseMiddleware<UserLimits>();
        app.UseMiddleware<BodyRules>();
        app.UsePublicReads();
        return app;
    }

    public static WebApplication MapEventFluxApi(this WebApplication app)
    {
        var api = app.MapGroup("/api").RefuseUnknownQuery();
        api.MapAuth();
        api.MapEvents();
        api.MapBookings();
        api.MapWaitlist();
        api.MapHolds();
        api.MapSeats();
        api.MapSeatReads();
        api.MapAnalytics();
        api.MapExports();
        api.MapAdmin();
        api.MapAudit();
        api.MapAdminHealth();
        app.MapEventFluxOpenApi();
        app.MapEventFluxMetrics();
        app.MapStartPage();
        return app;
    }

    private static void RemoveAll(this IServiceCollection services, Func<ServiceDescriptor, bool> isUnwanted)
    {
        foreach (var service in services.Where(isUnwanted).ToArray()) services.Remove(service);
    }
}
