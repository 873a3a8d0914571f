namespace Mirage.Net;

/// <summary>What became of frames that went no further.</summary>
internal sealed class EthernetCounters
{
    /// <summary>Frames shorter than their header.</summary>
    public long InErrors;

    /// <summary>Frames of a type that nobody here speaks: ifInUnknownProtos of RFC 2863.</summary>
    public long InUnknownProtos;

    /// <summary>Frames for another station.</summary>
    public long InForeign;

    /// <summary>Frames from a group address, which no station sends from.</summary>
    public long InGroupSources;

    /// <summary>Frames of a VLAN.</summary>
    public long InTagged;

    /// <summary>Frames not sent because they exceed the MTU.</summary>
    public long OutTooLong;
}
