using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EventFlux.Tests.AdminConsole;

/// <summary>A person's visit: one window, and what went wrong in it.</summary>
internal sealed class ConsoleVisit(IBrowserContext window) : IAsyncDisposable
{
    private readonly List<string> _faults = [];

    /// <summary>The window's page.</summary>
    public IPage Page { get; private set; } = null!;

    /// <summary>What scripts and the content security policy complained of.</summary>
    public IReadOnlyList<string> Faults => _faults;

    public async Task OpenAsync(string place)
    {
        if (Page is null)
        {
            Page = await window.NewPageAsync();
            Page.PageError += (_, fault) => _faults.Add(fault);
            Page.Console += (_, line) =>
            {
                if (line.Type == "error") _faults.Add(line.Text);
            };
        }

        await Page.GotoAsync(place);
        await IsAliveAsync();
    }

    public async Task SignInAsync(string place, string email, string password = ConsoleSilo.Password)
    {
        await OpenAsync(place);
        await Page.GetByLabel("E-mail").FillAsync(email);
        await Page.GetByLabel("Password").FillAsync(password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await IsAliveAsync();
    }

    /// <summary>Waits until the page answers to clicks; before that they would be lost.</summary>
    public Task IsAliveAsync() => Page.WaitForFunctionAsync(
        "() => document.readyState === 'complete' && !document.querySelector('main[aria-busy]')");

    public Task SeesHeadingAsync(string text) => Expect(
        Page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = text, Exact = true })).ToBeVisibleAsync();

    public Task SeesAsync(string text) => Expect(Page.GetByText(text).First).ToBeVisibleAsync();

    /// <summary>The list says it holds so many: not 21 where 1 is asked for.</summary>
    public Task CountsAsync(string text) =>
        Expect(Page.GetByText(text, new() { Exact = true }).First).ToBeVisibleAsync();

    /// <summary>The figure under that name.</summary>
    public ILocator Figure(string name) =>
        Page.Locator(".figure").Filter(new() { Has = Page.GetByText(name, new() { Exact = true }) }).Locator("dd");

    public Task ClickAsync(string button) =>
        Page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    /// <summary>Answers the question that has just been asked.</summary>
    public Task AnswerAsync(string button) => Page.GetByRole(AriaRole.Dialog)
        .GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    public ValueTask DisposeAsync() => window.DisposeAsync();
}
