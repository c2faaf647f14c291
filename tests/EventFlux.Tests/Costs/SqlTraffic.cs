using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;

namespace EventFlux.Tests.Costs;

/// <summary>What was asked of PostgreSQL.</summary>
/// <param name="RoundTrips">Times that somebody waited for an answer.</param>
/// <param name="Statements">Executed.</param>
/// <param name="Parsed">Of these, those that PostgreSQL had to parse and plan anew.</param>
internal readonly record struct SqlCost(int RoundTrips, int Statements, int Parsed)
{
    public static SqlCost operator -(SqlCost later, SqlCost earlier) => new(
        later.RoundTrips - earlier.RoundTrips, later.Statements - earlier.Statements, later.Parsed - earlier.Parsed);
}

/// <summary>Counts what clients send to PostgreSQL, from the bytes on the wire and for each application name apart.
/// Safe for concurrent use.</summary>
internal sealed class SqlTraffic
{
    private readonly ConcurrentDictionary<string, SqlCost> _costs = new();

    public SqlCost Of(string applicationName) => _costs.GetValueOrDefault(applicationName);

    /// <summary>Who has asked for anything.</summary>
    public IReadOnlyDictionary<string, SqlCost> All => _costs;

    /// <summary>For a <see cref="Faults.PostgresProxy"/>: hears one connection.</summary>
    public Action<ReadOnlyMemory<byte>> Listen() => new Session(this).Hear;

    /// <summary>One connection: its first messages have no type, and the last of these names the application.</summary>
    private sealed class Session(SqlTraffic traffic)
    {
        private const int StartupVersion = 3 << 16;
        private readonly List<byte> _received = [];
        private string? _application;

        public void Hear(ReadOnlyMemory<byte> chunk)
        {
            _received.AddRange(chunk.Span);
            while (Next() is { } length) _received.RemoveRange(0, length);
        }

        /// <returns>How long the message was; null when it has not all come yet.</returns>
        private int? Next()
        {
            var bytes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_received);
            var typeLength = _application is null ? 0 : 1;
            if (bytes.Length < typeLength + sizeof(int)) return null;
            var length = typeLength + BinaryPrimitives.ReadInt32BigEndian(bytes[typeLength..]);
            if (bytes.Length < length) return null;

            if (_application is null) Start(bytes[..length]);
            else Count((char)bytes[0]);
            return length;
        }

        /// <summary>What comes before the start asks for encryption.</summary>
        private void Start(ReadOnlySpan<byte> message)
        {
            if (BinaryPrimitives.ReadInt32BigEndian(message[sizeof(int)..]) < StartupVersion
                || message.Length < 16) return;
            var words = Encoding.UTF8.GetString(message[(2 * sizeof(int))..]).Split('\0');
            _application = words.SkipWhile(word => word != "application_name").Skip(1).FirstOrDefault("");
        }

        private void Count(char type)
        {
            SqlCost? cost = type switch
            {
                'S' => new(1, 0, 0), // Sync
                'Q' => new(1, 1, 1), // A simple query
                'E' => new(0, 1, 0), // Execute
                'P' => new(0, 0, 1), // Parse
                _ => null,
            };
            if (cost is { } added) traffic.Add(_application!, added);
        }
    }

    private void Add(string application, SqlCost added) => _costs.AddOrUpdate(
        application,
        static (_, cost) => cost,
        static (_, sum, cost) => new(
            sum.RoundTrips + cost.RoundTrips, sum.Statements + cost.Statements, sum.Parsed + cost.Parsed),
        added);
}
