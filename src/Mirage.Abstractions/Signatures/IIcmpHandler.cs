namespace Mirage;

/// <summary>Where ICMP hands errors about packets that this host sent.</summary>
public interface IIcmpHandler
{
    /// <summary>
    /// A router or host could not deliver a packet of ours. <paramref name="quotedTransport"/> has at least the first
    /// eight bytes of its transport header; nothing in it is trustworthy until matched with a flow, RFC 5927.
    /// </summary>
    void Unreachable(in IcmpQuotation quotation, ReadOnlySpan<byte> quotedTransport);
}
