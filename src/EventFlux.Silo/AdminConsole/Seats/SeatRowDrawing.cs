using System.Text;
using EventFlux.Silo.AdminConsole.Parts;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace EventFlux.Silo.AdminConsole.Seats;

/// <summary>One row of the drawing. It is drawn anew only when one of its seats has changed; then what goes to the
/// browser is that seat alone, or, where seats aren't drawn one by one, the shapes of the states it left and
/// entered.</summary>
public sealed class SeatRowDrawing : ComponentBase
{
    private (int Stamp, string Currency) _drawn = (-1, "");

    /// <summary>One for each seat, always the same: others would be sent anew each time.</summary>
    private EventCallback[] _clicks = [];

    private EventCallback _rowClick;

    /// <summary>Whose row it is.</summary>
    [Parameter, EditorRequired]
    public SeatHouse House { get; set; } = null!;

    /// <summary>Which one; always the same.</summary>
    [Parameter, EditorRequired]
    public DrawnRow Row { get; set; } = null!;

    /// <summary>Whether each seat is a shape of its own, with words, that can be clicked; always the same.</summary>
    [Parameter, EditorRequired]
    public bool IsSeatBySeat { get; set; }

    /// <summary>Of the prices.</summary>
    [Parameter, EditorRequired]
    public string Currency { get; set; } = "";

    /// <summary>Called when seats were marked, or no longer.</summary>
    [Parameter]
    public EventCallback OnPick { get; set; }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        _rowClick = EventCallback.Factory.Create(this, () => PickAsync(() => House.Pick(Row)));
        if (!IsSeatBySeat) return;
        _clicks = [.. Enumerable.Range(Row.First, Row.Count).Select(seat =>
            EventCallback.Factory.Create(this, () => PickAsync(() => House.Pick(seat))))];
    }

    /// <inheritdoc/>
    protected override bool ShouldRender() => _drawn != (Row.Stamp, Currency);

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        _drawn = (Row.Stamp, Currency);
        builder.OpenElement(0, "g");
        AddLabel(builder);
        builder.OpenRegion(1);
        if (IsSeatBySeat) AddSeats(builder);
        else AddStates(builder);
        builder.CloseRegion();
        builder.OpenRegion(2);
        AddMarks(builder);
        builder.CloseRegion();
        builder.CloseElement();
    }

    private async Task PickAsync(Action pick)
    {
        pick();
        await OnPick.InvokeAsync();
    }

    private void AddLabel(RenderTreeBuilder builder)
    {
        var (x, y) = Row.LabelPlace;
        builder.OpenElement(3, "text");
        builder.AddAttribute(4, "class", "row-label");
        builder.AddAttribute(5, "x", SeatShapes.Number(x));
        builder.AddAttribute(6, "y", SeatShapes.Number(y));
        builder.AddAttribute(7, "onclick", _rowClick);
        builder.OpenElement(8, "title");
        builder.AddContent(9, $"Select row {Name}: {Shown.Count(Row.Count)} seats");
        builder.CloseElement();
        builder.AddContent(10, Row.Label);
        builder.CloseElement();
    }

    private void AddSeats(RenderTreeBuilder builder)
    {
        for (var place = 0; place < Row.Count; place++)
        {
            var seat = Row.First + place;
            var state = House.StateOf(seat);
            builder.OpenElement(0, "path");
            builder.AddAttribute(1, "class", $"seat {state.ToWord()}");
            builder.AddAttribute(2, "d", SeatShapes.PathOf(state, Row.Places[place]));
            builder.AddAttribute(3, "role", "img");
            builder.AddAttribute(4, "onclick", _clicks[place]);
            builder.OpenElement(5, "title");
            builder.AddContent(6, House.Describe(seat, Currency));
            builder.CloseElement();
            builder.CloseElement();
        }
    }

    /// <summary>All seats of one state are one shape.</summary>
    private void AddStates(RenderTreeBuilder builder)
    {
        foreach (var state in SeatShapes.States)
        {
            var path = new StringBuilder();
            var count = 0;
            for (var place = 0; place < Row.Count; place++)
            {
                if (House.StateOf(Row.First + place) != state) continue;
                path.AppendSeat(state, Row.Places[place]);
                count++;
            }

            builder.OpenElement(0, "path");
            builder.AddAttribute(1, "class", $"seats {state.ToWord()}");
            builder.AddAttribute(2, "d", path.ToString());
            builder.AddAttribute(3, "role", "img");
            builder.AddAttribute(4, "aria-hidden", count == 0 ? "true" : null);
            builder.OpenElement(5, "title");
            builder.AddContent(6, $"{Name}: {Shown.Count(count)} {state.ToWord()}");
            builder.CloseElement();
            builder.CloseElement();
        }
    }

    /// <summary>What stands on seats and around them.</summary>
    private void AddMarks(RenderTreeBuilder builder)
    {
        for (var place = 0; place < Row.Count; place++)
        {
            var (x, y) = Row.Places[place];
            if (SeatShapes.LetterOf(Row.Kinds[place]) is { } letter)
                builder.AddContent(0, SvgText.Of("letter", x, y, letter));
            if (House.IsPicked(Row.First + place)) AddRing(builder, "picked", place);
            if (House.IsBest(Row.First + place)) AddRing(builder, "best", place);
        }
    }

    private void AddRing(RenderTreeBuilder builder, string look, int place)
    {
        var (x, y) = Row.Places[place];
        builder.OpenElement(1, "circle");
        builder.SetKey((look, place));
        builder.AddAttribute(2, "class", IsSeatBySeat ? $"ring {look}" : $"ring far {look}");
        builder.AddAttribute(3, "cx", SeatShapes.Number(x));
        builder.AddAttribute(4, "cy", SeatShapes.Number(y));
        builder.AddAttribute(5, "r", "5.4");
        builder.AddAttribute(6, "data-seat", House.IdOf(Row.First + place));
        builder.CloseElement();
    }

    private string Name => $"{House.Sections[Row.Section].Code}-{Row.Label}";
}
