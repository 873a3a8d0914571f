namespace Mirage.Net;

/// <summary>The options of an IPv4 header, RFC 791 section 3.1: validated, and acted on in no case.</summary>
internal static class Ipv4Options
{
    private const byte EndOfList = 0, NoOperation = 1, LooseSourceRoute = 131, StrictSourceRoute = 137,
        RouterAlert = 148;
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

    /// <summary>The router alert option, RFC 2113: routers look at what would pass them otherwise.</summary>
    public static ReadOnlySpan<byte> RouterAlertImage => [RouterAlert, 4, 0, 0];

    /// <summary>Whether <paramref name="header"/>, whose options <see cref="Check"/> has taken, has that
    /// option.</summary>
    public static bool HasRouterAlert(ReadOnlySpan<byte> header)
    {
        var at = Ipv4Header.FixedSize;
        while (at < header.Length && header[at] != EndOfList)
        {
            if (header[at] == RouterAlert)
                return true;
            at += header[at] == NoOperation || at + 1 >= header.Length ? 1 : Math.Max((byte)LengthMin, header[at + 1]);
        }

        return false;
    }
}
