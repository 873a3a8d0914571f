namespace Mirage.Net;

/// <summary>Reads what an ICMP error says of a packet of this host.</summary>
internal static class IcmpQuotations
{
    private const int MtuMin = 68; // RFC 791: every link carries that much.

    /// <summary>Reads an error message. False when it quotes no packet, or too little of one.</summary>
    /// <param name="message">The message's first eight bytes.</param>
    /// <param name="data">What follows them.</param>
    /// <param name="quotation">What it says. Whether the packet was ours is for the caller to tell.</param>
    /// <param name="transport">The beginning of the quoted packet's transport header, at least eight bytes.</param>
    public static bool TryRead(
        in IcmpMessage message, ReadOnlySpan<byte> data, out IcmpQuotation quotation, out ReadOnlySpan<byte> transport)
    {
        quotation = default;
        transport = default;
        if (Ipv4Header.Parse(data, out var header) is not ParseStatus.Ok || header.FragmentOffset != 0)
            return false; // Later fragments have no transport header to be matched by.
        transport = data[header.HeaderLength..];
        if (transport.Length < IcmpErrors.QuotedTransportMin || ToReason(message) is not { } reason)
            return false;

        var mtu = reason is IcmpUnreachable.FragmentationNeeded ? (int)(message.Rest & 0xFFFF) : 0;
        if (mtu is > 0 and < MtuMin)
            return false; // RFC 1191 section 3: such a link does not exist; the message is forged.
        quotation = new(header.Source, header.Destination, header.Protocol, reason, mtu);
        return true;
    }

    // RFC 1122 section 3.2.2.1 and RFC 1812 section 5.2.7.1 name the codes.
    private static IcmpUnreachable? ToReason(in IcmpMessage message) => message.Type switch
    {
        IcmpType.TimeExceeded => IcmpUnreachable.TimeExceeded,
        IcmpType.ParameterProblem => IcmpUnreachable.ParameterProblem,
        IcmpType.DestinationUnreachable => message.Code switch
        {
            0 or 6 or 11 => IcmpUnreachable.Network,
            1 or 5 or 7 or 8 or 12 => IcmpUnreachable.Host,
            2 => IcmpUnreachable.Protocol,
            3 => IcmpUnreachable.Port,
            4 => IcmpUnreachable.FragmentationNeeded,
            9 or 10 or 13 or 14 or 15 => IcmpUnreachable.Prohibited,
            _ => null,
        },
        _ => null,
    };
}
