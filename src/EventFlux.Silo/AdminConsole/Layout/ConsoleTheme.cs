using MudBlazor;

namespace EventFlux.Silo.AdminConsole.Layout;

/// <summary>The console's colours and type: the system's own fonts, and colours that keep a contrast of 4.5 to 1 to
/// what they stand on (WCAG 2.2, 1.4.3).</summary>
internal static class ConsoleTheme
{
    private static readonly string[] Fonts = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"];

    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#1f4fd8",
            Secondary = "#0b7285",
            Info = "#0b61a4",
            Success = "#1b6e38",
            Warning = "#8a5300",
            Error = "#b3261e",
            Background = "#f6f7fb",
            AppbarBackground = "#ffffff",
            AppbarText = "#1b1f2a",
            TextPrimary = "#1b1f2a",
            TextSecondary = "#4a5164",
            DrawerText = "#1b1f2a",
            DrawerIcon = "#4a5164",
            LinesDefault = "#d9dde8",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#9db8ff",
            PrimaryContrastText = "#10131c",
            Secondary = "#7fd3e0",
            Info = "#8cc8ff",
            Success = "#7fd99a",
            SuccessContrastText = "#10131c",
            Warning = "#ffc46b",
            WarningContrastText = "#10131c",
            Error = "#ff9d94",
            ErrorContrastText = "#10131c",
            InfoContrastText = "#10131c",
            Background = "#10131c",
            Surface = "#191d29",
            AppbarBackground = "#191d29",
            AppbarText = "#eceef5",
            DrawerBackground = "#191d29",
            DrawerText = "#eceef5",
            DrawerIcon = "#b4bace",
            TextPrimary = "#eceef5",
            TextSecondary = "#b4bace",
            LinesDefault = "#343a4d",
        },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Fonts },
            H1 = new H1Typography { FontFamily = Fonts, FontSize = "1.6rem", FontWeight = "650", LineHeight = "1.25" },
            H2 = new H2Typography { FontFamily = Fonts, FontSize = "1.1rem", FontWeight = "650", LineHeight = "1.3" },
            Button = new ButtonTypography { FontFamily = Fonts, TextTransform = "none" },
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "8px", DrawerWidthLeft = "210px" },
    };
}
