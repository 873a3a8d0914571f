using System.Numerics;
using LanguageExt;

namespace Mirage.Unix;

/// <summary>Which file or disk is a block device, and how.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="SectorSize">Bytes of a sector; what the disk says, or 512, by default.</param>
/// <param name="IsDirect">Whether to pass the page cache by.</param>
/// <param name="IsReadOnly">Whether it is not to be written.</param>
internal sealed record DiskOptions(string Path, Option<int> SectorSize, bool IsDirect, bool IsReadOnly)
{
    /// <summary>The smallest sector, bytes.</summary>
    public const int SectorSizeMin = 512;

    private const int SectorSizeMax = 1 << 16;

    private static readonly Key<string> s_path = Key.Required("block", KeyConverter.Text,
        "The file or disk that is the block device.");

    private static readonly Key<Option<int>> s_sectorSize = Key.Maybe("block-sector-size", new KeyConverter<int>(
        static (string text, out int value) => int.TryParse(text, null, out value)
            && value is >= SectorSizeMin and <= SectorSizeMax && BitOperations.IsPow2(value),
        static value => value.ToString(null, null), $"a power of two from {SectorSizeMin} to {SectorSizeMax}", "BYTES"),
        "The bytes of a sector; a disk says it itself, a file has 512.");

    private static readonly Key<bool> s_direct = Key.Flag("block-direct",
        "Passes the page cache of the kernel by (O_DIRECT).");

    private static readonly Key<bool> s_readOnly = Key.Flag("block-read-only",
        "Opens the block device for reading alone.");

    /// <summary>The block device that the keys name, opened.</summary>
    public static Impl<FileDisk> Disk => (Impl.BootHost, s_path, s_sectorSize, s_direct, s_readOnly).Apply(
        static (host, path, sectorSize, direct, readOnly) => new ValueTask<Either<ConnectError, FileDisk>>(
            DiskOpener.Open(host, new DiskOptions(path, sectorSize, direct, readOnly)))).Connect();
}
