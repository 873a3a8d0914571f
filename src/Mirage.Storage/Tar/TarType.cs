namespace Mirage.Storage;

/// <summary>What an entry of a tar archive is: a byte of its header. There are more values than names.</summary>
internal enum TarType : byte
{
    /// <summary>A file, in archives of before 1988.</summary>
    OldFile = 0,

    /// <summary>A file.</summary>
    File = (byte)'0',

    /// <summary>Another name of an entry that came before.</summary>
    HardLink = (byte)'1',

    /// <summary>A directory.</summary>
    Directory = (byte)'5',

    /// <summary>A file that was to lie in one piece.</summary>
    Contiguous = (byte)'7',

    /// <summary>pax: records for the next entry.</summary>
    Extended = (byte)'x',

    /// <summary>pax: records for all entries from here on.</summary>
    Global = (byte)'g',

    /// <summary>Solaris: records for the next entry.</summary>
    SolarisExtended = (byte)'X',

    /// <summary>GNU: the name of the next entry.</summary>
    LongName = (byte)'L',

    /// <summary>GNU: the link name of the next entry.</summary>
    LongLink = (byte)'K',

    /// <summary>GNU: a file with holes.</summary>
    Sparse = (byte)'S',
}
