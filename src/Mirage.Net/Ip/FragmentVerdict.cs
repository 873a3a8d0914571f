namespace Mirage.Net;

/// <summary>What became of a fragment.</summary>
internal enum FragmentVerdict
{
    /// <summary>It is kept until the others arrive.</summary>
    Held,

    /// <summary>It was the last one missing.</summary>
    Complete,

    /// <summary>It had arrived before.</summary>
    Duplicate,

    /// <summary>It contradicts another one, or there are too many: its datagram is lost.</summary>
    Killed,

    /// <summary>Its own length or offset is impossible.</summary>
    Malformed,
}
