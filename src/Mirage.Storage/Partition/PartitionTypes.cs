namespace Mirage.Storage;

/// <summary>Types of GPT partitions that are often met.</summary>
public static class PartitionTypes
{
    /// <summary>A file system of Linux.</summary>
    public static Guid LinuxData { get; } = new("0fc63daf-8483-4772-8e79-3d69d8477de4");

    /// <summary>A file system of Windows, FAT among them.</summary>
    public static Guid BasicData { get; } = new("ebd0a0a2-b9e5-4433-87c0-68b6b72699c7");

    /// <summary>The programs that UEFI boots (UEFI 2.10 table 5-7).</summary>
    public static Guid EfiSystem { get; } = new("c12a7328-f81f-11d2-ba4b-00a0c93ec93b");
}
