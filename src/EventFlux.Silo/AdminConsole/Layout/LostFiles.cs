using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Components;

namespace EventFlux.Silo.AdminConsole.Layout;

/// <summary>
/// A page whose script or style sheet was lost, with the silo that would have sent it, is loaded anew as soon as some
/// silo answers. That must stand in the document itself: what is lost may be the script that brings pages back.
/// </summary>
internal static class LostFiles
{
    private const string Script = """
        addEventListener('error', event => {
          if (!['SCRIPT', 'LINK'].includes(event.target.tagName)) return;
          const retry = () => setTimeout(() => fetch(location.href, { cache: 'no-store' })
            .then(page => page.ok ? location.reload() : retry(), retry), 3000);
          retry();
        }, true);
        """;

    /// <summary>To stand in front of the files that it watches.</summary>
    public static MarkupString Element { get; } = new($"<script>{Script}</script>");

    /// <summary>The one script in line that a page may run, as its content security policy names it.</summary>
    public static string PolicySource { get; } =
        $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Script)))}'";
}
