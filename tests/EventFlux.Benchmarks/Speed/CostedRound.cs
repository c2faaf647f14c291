using EventFlux.Benchmarks.Load;

namespace EventFlux.Benchmarks.Speed;

/// <summary>What a round's commits cost.</summary>
internal sealed record CostedRound(Round Round, CommitCost Cost)
{
    public double WalBytesABooking => Cost.WalBytes / Round.Done;

    public double FullPagesABooking => Cost.FullPages / Round.Done;

    public double BlocksABooking => Cost.Blocks / Round.Done;

    public double BookingsACommit => Round.Done / Cost.Commits;

    public double MillisecondsACommit => 1000 * Cost.Seconds / Cost.Commits;
}
