using FsCheck;
using FsCheck.Fluent;

namespace Mirage.Testing;

/// <summary>A frame that one end of a link sends.</summary>
/// <param name="IsOutward">Whether the near end sends it, and not the far one.</param>
/// <param name="Permille">How long it is between the shortest and the longest.</param>
/// <param name="Header">How much of it is headers, and not payload.</param>
/// <param name="Pieces">How many pieces the payload lies in.</param>
/// <param name="IsToAll">Whether it goes to every station.</param>
internal sealed record LinkOperation(bool IsOutward, int Permille, int Header, int Pieces, bool IsToAll)
    : LawOperation<LinkEnd, LinkPair>
{
    private const int HeaderMin = 14, HeaderMax = 74; // Ethernet; with the headers of IP and TCP as well.

    public override string Text =>
        $"The {(IsOutward ? "near" : "far")} end sends {Permille} permille of the longest frame"
        + $"{(IsToAll ? " to all" : "")}, {Header} bytes of it headers, in {Pieces} pieces";

    public static Gen<LawOperation<LinkEnd, LinkPair>> Any { get; } =
        from isOutward in Gen.Elements(true, false)
        from permille in Gen.OneOf(Gen.Choose(0, 1000), Gen.Elements(0, 1, 30, 999, 1000))
        from header in Gen.Choose(HeaderMin, HeaderMax)
        from pieces in Gen.Choose(1, 5)
        from isToAll in Gen.Elements(false, false, true)
        select (LawOperation<LinkEnd, LinkPair>)new LinkOperation(isOutward, permille, header, pieces, isToAll);

    public override ValueTask Run(LawRun run, LinkEnd device, LinkPair model)
    {
        var traffic = IsOutward ? model.Outward : model.Inward;
        var longest = device.Info.Mtu + HeaderMin;
        var length = LawFrame.Shortest + (int)((long)(longest - LawFrame.Shortest) * Permille / 1000);
        var status = traffic.Send(model.Number++, length, Math.Min(Header, length), Pieces,
            IsToAll ? MacAddress.Broadcast : null);
        run.Expect(status is WriteStatus.Ok or WriteStatus.Full, "Ok or Full", $"{status}");
        return ValueTask.CompletedTask;
    }

    public override IEnumerable<LawOperation<LinkEnd, LinkPair>> Shrink()
    {
        if (IsToAll)
            yield return this with { IsToAll = false };
        if (Pieces > 1)
            yield return this with { Pieces = 1 };
        if (Header > HeaderMin)
            yield return this with { Header = HeaderMin };
        foreach (var permille in LawInputs.Smaller(Permille, least: 0))
            yield return this with { Permille = permille };
    }
}
