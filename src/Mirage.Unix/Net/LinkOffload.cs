namespace Mirage.Unix;

/// <summary>What may be left to the kernel behind a descriptor; each level has those before it.</summary>
internal enum LinkOffload
{
    /// <summary>Frames are whole and summed.</summary>
    None,

    /// <summary>Checksums, and the cutting of long TCP frames.</summary>
    Tcp,

    /// <summary>The cutting of frames of several datagrams, USO.</summary>
    Udp,
}
