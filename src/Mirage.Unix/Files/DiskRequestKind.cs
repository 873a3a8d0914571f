namespace Mirage.Unix;

/// <summary>What a file or disk is asked.</summary>
internal enum DiskRequestKind
{
    /// <summary>To read sectors.</summary>
    Read,

    /// <summary>To write sectors.</summary>
    Write,

    /// <summary>To make sectors read as zeros.</summary>
    Discard,

    /// <summary>To make durable what was written.</summary>
    Flush,

    /// <summary>To have another number of sectors.</summary>
    Resize,
}
