using System.Runtime.InteropServices;

namespace Mirage.Unix;

internal static unsafe partial class Libc
{
    public const int Create = 0x40;

    private const int RemoveDirectoryFlag = 0x200; // AT_REMOVEDIR
    private const int LockExclusiveAtOnce = 2 | 4; // LOCK_EX | LOCK_NB

    [LibraryImport(Name, EntryPoint = "openat", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int OpenAt(int directory, string path, int flags, uint mode);

    [LibraryImport(Name, EntryPoint = "mkdirat", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MakeDirectory(int directory, string path, uint mode);

    [LibraryImport(Name, EntryPoint = "renameat", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Rename(int from, string source, int to, string destination);

    /// <summary>Removes a name that is no directory.</summary>
    public static int Remove(int directory, string path) => Unlink(directory, path, 0);

    /// <summary>Removes an empty directory.</summary>
    public static int RemoveDirectory(int directory, string path) => Unlink(directory, path, RemoveDirectoryFlag);

    /// <summary>Locks an open file or directory against everybody else who locks it so: at once or not at all. It ends
    /// when the descriptor is closed. See flock(2).</summary>
    public static int LockDirectory(int descriptor) => Lock(descriptor, LockExclusiveAtOnce);

    [LibraryImport(Name, EntryPoint = "unlinkat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unlink(int directory, string path, int flags);

    [LibraryImport(Name, EntryPoint = "flock")]
    private static partial int Lock(int descriptor, int operation);
}
