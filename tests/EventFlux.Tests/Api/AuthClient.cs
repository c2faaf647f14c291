using EventFlux.Tests.Fixtures;

namespace EventFlux.Tests.Api;

/// <summary>Speaks to <c>/api/auth</c> of one silo as a client would.</summary>
internal static class AuthClient
{
    public const string Password = "correct horse battery";

    /// <summary>An address that no test has used.</summary>
    public static string NewEmail() => $"user-{Guid.NewGuid():N}@shop.example";

    public static Task<ApiAnswer> RegisterAsync(this SiloProcess silo, string email, string password = Password) =>
        silo.As(null).PostAsync(
            "/api/auth/register", new { email, password, first_name = "Ada", last_name = "Byron" });

    /// <summary>Signs up somebody new.</summary>
    /// <returns>The token.</returns>
    public static async Task<string> RegisterAsync(this SiloProcess silo) =>
        (await silo.RegisterAsync(NewEmail())).Is(201).Text("token")!;

    public static Task<ApiAnswer> LogInAsync(this SiloProcess silo, string email, string password = Password) =>
        silo.As(null).PostAsync("/api/auth/login", new { email, password });

    public static Task<ApiAnswer> RefreshAsync(this SiloProcess silo, string? token) =>
        silo.As(token).PostAsync("/api/auth/refresh", null);

    public static Task<ApiAnswer> GetProfileAsync(this SiloProcess silo, string? token) =>
        silo.As(token).GetAsync("/api/auth/profile");

    /// <param name="body">An object to be written as JSON, or a text to be sent as it is.</param>
    public static Task<ApiAnswer> PutProfileAsync(this SiloProcess silo, string? token, object body) =>
        silo.As(token).PutAsync("/api/auth/profile", body);

    public static Task<ApiAnswer> ChangePasswordAsync(
        this SiloProcess silo, string token, string currentPassword, string newPassword) =>
        silo.As(token).PutAsync(
            "/api/auth/change-password", new { current_password = currentPassword, new_password = newPassword });

    public static ApiCaller As(this SiloProcess silo, string? token) => new(silo.Http, Guid.Empty, token);
}
