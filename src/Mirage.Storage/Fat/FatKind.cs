namespace Mirage.Storage;

/// <summary>The three widths of FAT's entries.</summary>
public enum FatKind
{
    /// <summary>12 bits: up to 4084 clusters.</summary>
    Fat12 = 12,

    /// <summary>16 bits: 4085 to 65524 clusters.</summary>
    Fat16 = 16,

    /// <summary>28 bits of 32: from 65525 clusters on.</summary>
    Fat32 = 32,
}
