using System.Text.Json;

namespace EventFlux.Tests.Seats;

/// <summary>A map of seats as a client keeps it: from a complete answer or event on, by what has changed.</summary>
internal sealed class ViewedSeats
{
    private char[] _states = [];

    public long Version { get; private set; } = -1;

    public string States => new(_states);

    public (int Available, int Booked, int Held, int Waiting) Counts { get; private set; }

    /// <summary>Complete answers and events that came.</summary>
    public int Complete { get; private set; }

    /// <summary>Takes over an answer or an event's data. One that doesn't fit what is known fails the test.</summary>
    public void Apply(JsonElement news)
    {
        var version = news.GetProperty("version").GetInt64();
        Assert.True(version >= Version, $"back from {Version} to {version}");
        if (news.GetProperty("since") is { ValueKind: JsonValueKind.Number } since)
        {
            Assert.Equal(Version, since.GetInt64());
            foreach (var change in news.GetProperty("changes").EnumerateArray())
                _states[change[0].GetInt32()] = change[1].GetString()![0];
        }
        else
        {
            _states = news.GetProperty("states").GetString()!.ToCharArray();
            Complete++;
        }

        Version = version;
        Counts = (Number("available_tickets"), Number("booked_tickets"), Number("held_tickets"),
            Number("waitlist_length"));

        int Number(string member) => news.GetProperty(member).GetInt32();
    }
}
