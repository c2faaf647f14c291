using EventFlux.Silo.Api;

namespace EventFlux.Tests.Api;

/// <summary>What a spreadsheet might run is text in our files.</summary>
public sealed class CsvCellsTests
{
    [Theory]
    [InlineData("=1+1")]
    [InlineData("+44 20 7946")]
    [InlineData("-2+3")]
    [InlineData("@SUM(A1)")]
    [InlineData("\tx")]
    [InlineData("\rx")]
    [InlineData("\nx")]
    [InlineData("  =1+1")]
    [InlineData("\"=1+1")]
    [InlineData("' =cmd|' /C calc'!A0")]
    [InlineData("\u00a0\"@x")]
    [InlineData("＝1+1")]
    [InlineData("\u3000＋1")]
    public void Safe_WhatMayBeAFormula_GetsAnApostrophe(string text) => Assert.Equal("'" + text, CsvCells.Safe(text));

    /// <summary>Which separators a spreadsheet splits at depends on where it runs.</summary>
    [Theory]
    [InlineData("x;=HYPERLINK(1)", "x;'=HYPERLINK(1)")]
    [InlineData("x;=1;+2", "x;'=1;'+2")]
    [InlineData("x\t-1", "x\t'-1")]
    [InlineData("\t=1", "'\t'=1")]
    [InlineData("x,@SUM(A1)", "x,'@SUM(A1)")]
    [InlineData("x\r\n=1", "x\r\n'=1")]
    [InlineData("x; \"'=1", "x;' \"'=1")]
    [InlineData("=1;=2", "'=1;'=2")]
    [InlineData("x\";\"=1", "x\";'\"=1")]
    [InlineData("x;;＝1", "x;;'＝1")]
    [InlineData(";=", ";'=")]
    public void Safe_WhatMayBeAFormulaBehindASeparator_GetsAnApostropheThere(string text, string expected) =>
        Assert.Equal(expected, CsvCells.Safe(text));

    [Theory]
    [InlineData("Ada", "Ada")]
    [InlineData("Hall 3; row = 4, seat 5-6;", "Hall 3; row = 4, seat 5-6;")]
    [InlineData("O'Neill-Smith", "O'Neill-Smith")]
    [InlineData("a=b", "a=b")]
    [InlineData("ada+tickets@shop.example", "ada+tickets@shop.example")]
    [InlineData("\"quoted\", and more\r\nlines", "\"quoted\", and more\r\nlines")]
    [InlineData("", "")]
    [InlineData(null, "")]
    public void Safe_OtherText_StaysAsItIs(string? text, string expected) =>
        Assert.Equal(expected, CsvCells.Safe(text));
}
