using Microsoft.AspNetCore.Components;

namespace EventFlux.Silo.AdminConsole.Seats;

/// <summary>Words of a drawing: Razor's own <c>text</c> hides SVG's.</summary>
internal static class SvgText
{
    /// <param name="look">Its class.</param>
    /// <param name="size">Of the letters, in the drawing's units; null to leave it to the class.</param>
    public static RenderFragment Of(string look, double x, double y, string text, double? size = null) => builder =>
    {
        builder.OpenElement(0, "text");
        builder.AddAttribute(1, "class", look);
        builder.AddAttribute(2, "x", SeatShapes.Number(x));
        builder.AddAttribute(3, "y", SeatShapes.Number(y));
        builder.AddAttribute(4, "font-size", size is { } some ? SeatShapes.Number(some) : null);
        builder.AddContent(5, text);
        builder.CloseElement();
    };
}
