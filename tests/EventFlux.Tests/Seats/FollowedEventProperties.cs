using CsCheck;
using EventFlux.Contracts.Seats;
using EventFlux.Silo.Seats;

namespace EventFlux.Tests.Seats;

/// <summary>Who reads whenever it likes sees in the end what is there, whatever the event told and how.</summary>
public sealed class FollowedEventProperties
{
    private const int Seats = 60;

    /// <summary>Each step changes some seats; the event tells the changes, all of it (it has moved), or a new plan; and
    /// one of the viewers reads.</summary>
    private static readonly Gen<(int Way, (int Seat, SeatState State)[] Changes, int Viewer)> Step = Gen.Select(
        Gen.Frequency((20, Gen.Const(0)), (4, Gen.Const(1)), (1, Gen.Const(2))),
        Gen.Select(Gen.Int[0, Seats - 1], Gen.Enum<SeatState>()).Array[0, 4], Gen.Int[0, 5]);

    [Fact]
    public void AnyHistory_ReadInAnyPieces_EndsAtTheSameStates() =>
        Step.Array[1, 120].Sample(steps =>
        {
            var (followed, states) = (new FollowedEvent(Guid.Empty), new byte[Seats]);
            var viewers = Enumerable.Range(0, 3).Select(_ => new Viewer()).ToArray();
            var (version, plan) = (1L, 1L);
            followed.Apply(new(version, -1, plan, default, [.. states], []));
            foreach (var (way, changes, viewer) in steps)
            {
                foreach (var (seat, state) in changes) states[seat] = (byte)state;
                version++;
                if (way == 2) plan++;
                followed.Apply(way == 0
                    ? new(version, version - 1, plan, default, default,
                        [.. changes.Select(change => new SeatChange(change.Seat, change.State))])
                    : new(version, -1, plan, default, [.. states], []));
                // An activation that was overtaken changes nothing.
                followed.Apply(new(version - 1, -1, plan, default, [.. new byte[Seats]], []));
                if (viewer < viewers.Length) viewers[viewer].Read(followed);
            }

            foreach (var viewer in viewers)
            {
                viewer.Read(followed);
                Assert.Equal(version, viewer.Version);
                Assert.Equal(states.Select(state => AvailabilityUpdate.LetterOf((SeatState)state)), viewer.States);
            }
        });

    private sealed class Viewer
    {
        public long? Version { get; private set; }

        public char[] States { get; private set; } = [];

        public void Read(FollowedEvent followed)
        {
            var update = followed.Since(Version);
            if (update.States is { } all) States = all.ToCharArray();
            else Assert.Equal(Version, update.Since);
            foreach (var change in update.Changes) States[change.Seat] = AvailabilityUpdate.LetterOf(change.State);
            Version = update.Version;
        }
    }
}
