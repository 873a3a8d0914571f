namespace Mirage.Net;

/// <summary>The options of an IPv4 header, RFC 791 section 3.1: validated, and acted on in no case.</summary>
internal static class Ipv4Options
{
    private const byte EndOfList = 0, NoOperation = 1, LooseSourceRoute = 131, StrictSourceRoute = 137;
    private const int LengthMin = 2;

    /// <summary>Reads every option. <paramref name="fault"/> is where in <paramref name="options"/> the malformed one
    /// is wrong.</summary>
    public static Ipv4OptionsStatus Check(ReadOnlySpan<byte> options, out int fault)
    {
        var at = 0;
        fault = 0;
        while (at < options.Length && options[at] != EndOfList)
        {
            if (options[at] == NoOperation)
            {
                at++;
                continue;
            }

            fault = Math.Min(at + 1, options.Length - 1);
            if (at + 1 >= options.Length || options[at + 1] < LengthMin || options[at + 1] > options.Length - at)
                return Ipv4OptionsStatus.Malformed;
            if (options[at] is LooseSourceRoute or StrictSourceRoute)
                return Ipv4OptionsStatus.SourceRoute; // RFC 7126 section 4.3: dropped by default.
            at += options[at + 1]; // At least two: the loop ends.
        }

        return Ipv4OptionsStatus.Ok;
    }
}
