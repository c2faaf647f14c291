using System.Globalization;
using System.Text.Json;

namespace EventFlux.Tests.Fuzzing;

/// <summary>Makes the run's requests. One seed and number make the same request each time, but for the ids of the
/// world, which the silo gives.</summary>
internal sealed class RequestMaker(ApiDocument document, ForgedTokens tokens, TimeProvider time, int seed)
{
    private const double ShareOfRawBytes = 0.04;
    private const double ShareOfForgers = 0.06;
    private const double ShareOfValid = 0.2;

    /// <summary>Password hashes cost the silo more than all the rest; they get a smaller part. What has no end would
    /// keep a worker for good: it has tests of its own.</summary>
    private readonly ApiOperation[] _operations =
    [
        .. document.Operations.Where(operation => !operation.IsEndless)
            .SelectMany(operation => Enumerable.Repeat(operation, operation.HashesPassword ? 1 : 5)),
    ];

    public FuzzRequest Make(int number, FuzzWorld world)
    {
        // Not HashCode: that one differs from process to process.
        var random = new Random(unchecked((seed * 397) ^ number));
        if (random.NextDouble() < ShareOfRawBytes) return RawRequests.Make(number, random);

        var caller = random.NextDouble() < ShareOfForgers ? Caller.Forger : (Caller)random.Next((int)Caller.Forger);
        var draft = Valid(random.Pick(_operations), caller, world, random);
        var mutations = random.NextDouble() < ShareOfValid ? 0 : random.NextDouble() < 0.6 ? 1 : random.Next(2, 4);
        for (; mutations > 0; mutations--)
        {
            var mutation = Choose(draft, random);
            mutation.Apply(draft, random);
            draft.Story.Add(mutation.Name);
        }

        return draft.Finish(number);
    }

    private static Mutation Choose(RequestDraft draft, Random random)
    {
        var hasMembers = draft.Operation.Body is not null && draft.Members.Count > 0 && draft.Body is null;
        return random.Next(20) switch
        {
            < 8 when hasMembers => random.Pick(BodyMutations.OfMembers),
            < 11 when draft.Operation.Body is not null => random.Pick(BodyMutations.OfWhole),
            < 15 => random.Pick(TargetMutations.All),
            _ => random.Pick(HeaderMutations.All),
        };
    }

    private RequestDraft Valid(ApiOperation operation, Caller caller, FuzzWorld world, Random random)
    {
        var draft = new RequestDraft(operation, caller);
        draft.Headers.Add(("Host", "localhost"));
        if (caller == Caller.Forger) draft.Headers.Add(("Authorization", $"Bearer {tokens.Bad(random)}"));
        else if (world.Tokens.TryGetValue(caller, out var token))
            draft.Headers.Add(("Authorization", $"Bearer {token}"));

        foreach (var parameter in operation.Parameters)
        {
            var value = ValueOf(parameter, operation, world, random);
            if (parameter.Place == "path")
                draft.Path = draft.Path.Replace($"{{{parameter.Name}}}", value, StringComparison.Ordinal);
            else if (random.Next(3) > 0) continue;
            else if (parameter.Place == "query")
                draft.Query.Add((parameter.Name, Uri.EscapeDataString(value)));
            else
                draft.Headers.Add((parameter.Name, value));
        }

        if (operation.Body is null) return draft;
        draft.Headers.Add(("Content-Type", "application/json"));
        foreach (var member in operation.Body)
            draft.Members.Add(($"\"{member.Name}\"", JsonOf(member, operation, world, random)));
        return draft;
    }

    private string ValueOf(ApiMember member, ApiOperation operation, FuzzWorld world, Random random)
    {
        if (member.Name == "reference") return random.Pick(world.References);
        if (member.Name == "email") return random.Next(2) == 0 ? world.MemberEmail : $"{random.Next():x}@example.org";
        if (member.Name is "id" or "event_id" || member.Format == "uuid")
        {
            if (random.Next(10) == 0) return random.Pick([world.MemberId, .. world.Events, .. world.Bookings]);
            if (member.Name == "event_id" || operation.Path.Contains("/events/", StringComparison.Ordinal))
                return random.Pick(world.Events);
            return operation.Path.Contains("/bookings/", StringComparison.Ordinal)
                ? random.Pick(world.Bookings)
                : world.MemberId;
        }

        if (member.Choices.Count > 0) return random.Pick(member.Choices);
        return (member.Type, member.Format) switch
        {
            ("integer", _) => random.Next(1, 12).ToString(CultureInfo.InvariantCulture),
            ("boolean", _) => random.Next(2) == 0 ? "true" : "false",
            (_, "date-time" or "date") => time.GetUtcNow().AddDays(random.Next(-10, 60))
                .ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            ("number", _) => "12.50",
            _ => member.Name.StartsWith("If-", StringComparison.Ordinal) ? "\"1.1\"" : $"value {random.Next(100)}",
        };
    }

    private string JsonOf(ApiMember member, ApiOperation operation, FuzzWorld world, Random random)
    {
        var isOwn = member.Name is "email" || member.Format is "uuid" or "date-time" || member.Example is null;
        if (!isOwn) return member.Example!;
        var value = ValueOf(member, operation, world, random);
        return member.Type is "integer" or "number" or "boolean" ? value : JsonSerializer.Serialize(value);
    }
}
