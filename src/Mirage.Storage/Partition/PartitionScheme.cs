namespace Mirage.Storage;

/// <summary>The kinds of partition tables.</summary>
public enum PartitionScheme
{
    /// <summary>The master boot record of the PC: four partitions, and more in a chain; up to 2^32 sectors.</summary>
    Mbr,

    /// <summary>The GUID partition table of UEFI, kept twice.</summary>
    Gpt,
}
