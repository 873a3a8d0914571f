namespace Mirage.Storage;

/// <summary>The numbers of the format; <c>docs/cowkv-format.md</c> says what they are for.</summary>
internal static class CowFormat
{
    public const int PageMin = 4096;
    public const int PageMax = 65536;

    /// <summary>Bytes of a value that are kept and summed together, unless a page is larger.</summary>
    public const int ChunkMin = 32768;

    public const int HeaderSize = 32;

    /// <summary>The highest level of a node: a tree of them does not fit into 2^64 bytes.</summary>
    public const int LevelMax = 15;

    /// <summary>Bytes of a name.</summary>
    public const int NameMax = 255;

    /// <summary>A row's key: an id and a name.</summary>
    public const int KeyMax = sizeof(long) + NameMax;

    /// <summary>The root dictionary.</summary>
    public const long RootId = 1;

    /// <summary>Pages of the largest store.</summary>
    public const long PagesMax = int.MaxValue;

    /// <summary>Data pages of the smallest store.</summary>
    public const long DataPagesMin = 16;

    public static int PageSizeFor(int sectorSize) => Math.Max(PageMin, sectorSize);

    public static int ChunkSizeFor(int pageSize) => Math.Max(ChunkMin, pageSize);

    /// <summary>Bytes of the largest value that stands in its row.</summary>
    public static int InlineMax(int pageSize) => pageSize / 8;

    /// <summary>Bytes of the longest value of a row: such a value with what stands before it. A chunk's is shorter.
    /// Were one longer, halves of a node that is split might not fit on a page.</summary>
    public static int RowMax(int pageSize) => CowRecord.InlinePrefix + InlineMax(pageSize);
}
