using System.Text;

namespace EventFlux.Silo.Api;

/// <summary>What people typed, as cells of a file that spreadsheets open.</summary>
internal static class CsvCells
{
    /// <summary>What makes a spreadsheet take text for a formula, in the wide forms of East Asia too.</summary>
    private const string Triggers = "=+-@＝＋－＠";

    /// <summary>Where a spreadsheet may begin a new cell: which of them depends on its settings.</summary>
    private const string Separators = ",;\t\r\n";

    /// <summary>The text as it is; with an apostrophe in front of whatever a spreadsheet might run, at the beginning or
    /// where it may take the text apart. Some look past space and quotes there, so these hide nothing.</summary>
    public static string Safe(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        StringBuilder? safe = null;
        if (text[0] is '\t' or '\r' or '\n') safe = new StringBuilder("'");
        var copied = 0; // What is in the result already.
        for (int? begin = 0; begin is { } cell; begin = NextCell(text, cell))
        {
            if (!MayRun(text.AsSpan(cell))) continue;
            (safe ??= new()).Append(text, copied, cell - copied).Append('\'');
            copied = cell;
        }

        return safe?.Append(text, copied, text.Length - copied).ToString() ?? text;
    }

    private static int? NextCell(string text, int from)
    {
        var length = text.AsSpan(from).IndexOfAny(Separators);
        return length < 0 ? null : from + length + 1;
    }

    private static bool MayRun(ReadOnlySpan<char> cell)
    {
        foreach (var character in cell)
        {
            if (Triggers.Contains(character, StringComparison.Ordinal)) return true;
            if (Separators.Contains(character, StringComparison.Ordinal)) return false;
            if (!char.IsWhiteSpace(character) && character is not ('"' or '\'')) return false;
        }

        return false;
    }
}
