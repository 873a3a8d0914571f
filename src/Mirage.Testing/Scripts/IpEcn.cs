namespace Mirage.Testing;

/// <summary>The ECN field of an IP header, RFC 3168 section 5.</summary>
public enum IpEcn : byte
{
    /// <summary>The transport does not take part.</summary>
    NotEct = 0,

    /// <summary>ECN-capable transport, codepoint 01.</summary>
    Ect1 = 1,

    /// <summary>ECN-capable transport, codepoint 10.</summary>
    Ect0 = 2,

    /// <summary>Congestion experienced.</summary>
    Ce = 3,
}
