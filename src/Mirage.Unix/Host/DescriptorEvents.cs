namespace Mirage.Unix;

/// <summary>What became possible on a descriptor since it was last reported.</summary>
[Flags]
public enum DescriptorEvents
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Reading gives bytes, the end of the stream or an error.</summary>
    Readable = 1,

    /// <summary>Writing is taken or gives an error.</summary>
    Writable = 2,

    /// <summary>The descriptor failed or was hung up: both reading and writing say how.</summary>
    Failed = 4,

    /// <summary>The peer has ended its stream: after what is left to read comes the end, and no other edge.</summary>
    Ended = 8,
}
