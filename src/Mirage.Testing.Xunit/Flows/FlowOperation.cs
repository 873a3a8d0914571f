using FsCheck;
using FsCheck.Fluent;

namespace Mirage.Testing;

/// <summary>One step of a writer or a reader of a connection.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="IsForth">In which of the two streams.</param>
/// <param name="Count">Bytes that are written, or permille of what is there that are consumed.</param>
internal sealed record FlowOperation(FlowStep Kind, bool IsForth, int Count) : LawOperation<FlowPair, FlowPair>
{
    private string Stream => IsForth ? "forth" : "back";

    public override string Text => Kind switch
    {
        FlowStep.Write => $"Write {Count} bytes {Stream}",
        FlowStep.Read => $"Read {Stream}, consume {Count} permille",
        FlowStep.Examine => $"Read {Stream}, consume {Count} permille and look at all",
        _ => $"End the stream {Stream}",
    };

    public static Gen<LawOperation<FlowPair, FlowPair>> Any { get; } =
        from kind in Gen.Frequency(
            (8, Gen.Constant(FlowStep.Write)), (5, Gen.Constant(FlowStep.Read)), (4, Gen.Constant(FlowStep.Examine)),
            (1, Gen.Constant(FlowStep.End)))
        from isForth in Gen.Elements(true, false)
        from count in kind is FlowStep.Write
            ? Gen.Frequency((6, Gen.Choose(1, 100)), (3, Gen.Choose(1, 5000)), (1, Gen.Choose(10_000, 70_000)))
            : Gen.OneOf(Gen.Constant(1000), Gen.Choose(0, 1000))
        select (LawOperation<FlowPair, FlowPair>)new FlowOperation(kind, isForth, count);

    public override bool Applies(FlowPair model)
    {
        var stream = Of(model);
        return Kind is FlowStep.Read or FlowStep.Examine
            ? stream.Written > stream.Examined // A read of nothing would wait, and rightly.
            : !stream.IsEnded;
    }

    public override async ValueTask Run(LawRun run, FlowPair device, FlowPair model)
    {
        var stream = Of(model);
        if (Kind is FlowStep.Write)
            stream.Write(Count);
        else if (Kind is FlowStep.End)
            stream.End();
        else
            await stream.Read(Count, isExamined: Kind is FlowStep.Examine);
    }

    public override IEnumerable<LawOperation<FlowPair, FlowPair>> Shrink()
    {
        if (Kind is FlowStep.Write)
        {
            foreach (var count in LawInputs.Smaller(Count, least: 1))
                yield return this with { Count = count };
        }
        else if (Kind is FlowStep.Examine)
        {
            yield return this with { Kind = FlowStep.Read };
        }
        else if (Kind is FlowStep.Read && Count < 1000)
        {
            yield return this with { Count = 1000 };
        }

        if (!IsForth)
            yield return this with { IsForth = true };
    }

    private LawStream Of(FlowPair pair) => IsForth ? pair.Forth : pair.Back;
}
