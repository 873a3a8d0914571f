using LanguageExt;
using Microsoft.Win32.SafeHandles;

namespace Mirage.Unix;

/// <summary>Opens a file or disk as a block device, or says what a user can do.</summary>
internal static unsafe class DiskOpener
{
    // What O_DIRECT wants of memory where the kernel does not say.
    private const int AlignmentUnknown = 4096;

    public static Either<ConnectError, FileDisk> Open(Host host, DiskOptions options)
    {
        if (options.Path.Length == 0)
            return new ConnectError("the block device has no name", "name a file or disk, as --block=disk.img");

        // O_EXCL: a disk that is mounted is not ours. For a file it says nothing.
        var flags = Libc.CloseOnExec | Libc.NonBlocking | (options.IsDirect ? Libc.OpenDirect : 0)
            | (options.IsReadOnly ? Libc.ReadOnly : Libc.ReadWrite | Libc.Exclusive);
        var descriptor = Libc.Open(options.Path, flags);
        if (descriptor < 0)
            return Refusal(options, Errno.Last);
        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        var opened = Look(host, options, handle, descriptor);
        if (opened.IsLeft)
            handle.Dispose();
        return opened;
    }

    private static Either<ConnectError, FileDisk> Look(
        Host host, DiskOptions options, SafeFileHandle handle, int descriptor)
    {
        Libc.FileStatus status;
        if (Libc.Stat(descriptor, &status) < 0)
            return Refusal(options, Errno.Last);
        var isDisk = (status.Mode & Libc.ModeKind) == Libc.ModeBlock;
        if (!isDisk && (status.Mode & Libc.ModeKind) != Libc.ModeRegular)
            return new ConnectError($"{options.Path}: neither a file nor a disk", "name a file or disk");
        if (Libc.LockOpenFile(descriptor, !options.IsReadOnly) < 0)
            return Errno.Last is Errno.Again or Errno.AccessDenied
                ? new ConnectError($"{options.Path}: in use by another program", "end that program, or copy the file")
                : Refusal(options, Errno.Last);

        var least = DiskOptions.SectorSizeMin;
        if (isDisk && Libc.DiskSectorSize(descriptor, out least) < 0)
            return Refusal(options, Errno.Last);
        var alignment = 1;
        if (options.IsDirect)
        {
            var isKnown = (status.Mask & Libc.StatDirectAlignment) != 0 && status.DirectMemoryAlignment > 0;
            alignment = isKnown ? (int)status.DirectMemoryAlignment : AlignmentUnknown;
            least = Math.Max(least, isKnown ? (int)status.DirectOffsetAlignment : 0);
        }

        var size = options.SectorSize.IfNone(least);
        if (size < least)
            return new ConnectError($"{options.Path}: is accessed in pieces of {least} bytes, not of {size}",
                $"choose --block-sector-size={least} or more");
        var file = new DiskFile(handle, isDisk, alignment);
        var bytes = file.Size();
        return bytes % size == 0
            ? new FileDisk(host, file, Info(options, file, isDisk, size, bytes))
            : new ConnectError($"{options.Path}: has {bytes} bytes, which are no whole sectors of {size} bytes",
                $"make it longer by truncate --size=%{size} {options.Path}, or choose another --block-sector-size");
    }

    private static BlockInfo Info(DiskOptions options, DiskFile file, bool isDisk, int size, long bytes) =>
        new(size, bytes / size)
        {
            ReadOnly = options.IsReadOnly,
            // A hole beyond the end changes nothing, and shows whether the file system can make one.
            CanDiscard = !options.IsReadOnly && (isDisk || file.Discard(bytes, size) == 0),
            CanResize = !options.IsReadOnly && !isDisk,
        };

    private static ConnectError Refusal(DiskOptions options, int error) => error switch
    {
        Errno.NoEntry => new($"{options.Path}: there is no such file", $"make it: truncate --size=1G {options.Path}"),
        Errno.AccessDenied or Errno.NotPermitted or Errno.ReadOnlySystem when !options.IsReadOnly => new(
            $"{options.Path}: {Errno.Describe(error)}", "ask for the right to write it, or add --block-read-only"),
        Errno.Busy => new($"{options.Path}: in use by the kernel", "unmount it"),
        Errno.Invalid when options.IsDirect => new(
            $"{options.Path}: its file system has no direct access", "leave --block-direct out"),
        _ => new($"{options.Path}: {Errno.Describe(error)}", "name a file or disk that this program may open"),
    };
}
