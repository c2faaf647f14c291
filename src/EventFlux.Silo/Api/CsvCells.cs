namespace EventFlux.Silo.Api;

/// <summary>What people typed, as cells of a file that spreadsheets open.</summary>
internal static class CsvCells
{
    /// <summary>What makes a spreadsheet take text for a formula, in the wide forms of East Asia too.</summary>
    private const string Triggers = "=+-@＝＋－＠";

    /// <summary>The text as it is; with an apostrophe in front where a spreadsheet might run it. Some look past space
    /// and quotes at the beginning, so these hide nothing.</summary>
    public static string Safe(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        if (text[0] is '\t' or '\r' or '\n') return "'" + text;
        foreach (var character in text)
        {
            if (Triggers.Contains(character, StringComparison.Ordinal)) return "'" + text;
            if (!char.IsWhiteSpace(character) && character is not ('"' or '\'')) break;
        }

        return text;
    }
}
