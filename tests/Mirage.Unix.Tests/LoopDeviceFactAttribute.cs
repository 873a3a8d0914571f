namespace Mirage.Unix.Tests;

/// <summary>A test that makes a disk of a file, by losetup(8). Elsewhere it is skipped with the reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LoopDeviceFactAttribute : FactAttribute
{
    public LoopDeviceFactAttribute() => Skip =
        !Environment.IsPrivilegedProcess ? "needs root, to make a loop device"
        : !File.Exists("/dev/loop-control") ? "needs /dev/loop-control"
        : null;
}
