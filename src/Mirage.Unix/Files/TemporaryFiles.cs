using System.Runtime.InteropServices;
using LanguageExt;
using Microsoft.Win32.SafeHandles;

namespace Mirage.Unix;

/// <summary>The place beneath a root where files are written before they have their name, and where what is removed is
/// until it is deleted. One program has it at a time, and what a crash left in it is deleted when it is
/// opened.</summary>
internal sealed unsafe class TemporaryFiles : IDisposable
{
    private const uint OwnerAlone = 0b111_000_000;
    private const uint Everybody = 0b110_110_110; // Less what the umask takes.

    private readonly SafeFileHandle _directory;
    private int _count;

    private TemporaryFiles(SafeFileHandle directory) => _directory = directory;

    /// <summary>The place, open.</summary>
    public int Descriptor => (int)_directory.DangerousGetHandle();

    /// <summary>Opens the place beneath <paramref name="root"/>, which is made where it is not.</summary>
    public static Either<ConnectError, TemporaryFiles> Open(RootDirectory root, string path)
    {
        if (Libc.MakeDirectory(root.Descriptor, RootDirectory.Temporary, OwnerAlone) < 0
            && Errno.Last != Errno.AlreadyThere)
            return Refusal(path);
        var descriptor = Libc.OpenAt(root.Descriptor, RootDirectory.Temporary,
            Libc.ReadOnly | Libc.CloseOnExec | Libc.OpenDirectory | Libc.OpenNoFollow);
        if (descriptor < 0)
            return Refusal(path);
        var files = new TemporaryFiles(new SafeFileHandle(descriptor, ownsHandle: true));
        if (Libc.LockDirectory(descriptor) < 0)
        {
            files.Dispose();
            return new ConnectError(
                $"{path}: written by another program", "end that program, or name another directory");
        }

        DeleteAll(descriptor);
        return files;
    }

    /// <summary>A name that nothing has.</summary>
    public string NextName() => $"{Interlocked.Increment(ref _count)}";

    /// <summary>A new file of that name; null is an error.</summary>
    public SafeFileHandle? Create(string name)
    {
        var descriptor = Libc.OpenAt(Descriptor, name,
            Libc.Create | Libc.Exclusive | Libc.ReadWrite | Libc.CloseOnExec | Libc.OpenNoFollow, Everybody);
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>Deletes what has that name, with all that it holds, and says whether it is gone.</summary>
    public bool Delete(string name) => Delete(Descriptor, name);

    public void Dispose() => _directory.Dispose();

    private static ConnectError Refusal(string path) => new($"{path}: {Errno.Describe(Errno.Last)}",
        "name a directory that this program may write");

    private static bool Delete(int directory, string name)
    {
        if (Libc.Remove(directory, name) == 0)
            return true;
        var below = Libc.OpenAt(directory, name,
            Libc.ReadOnly | Libc.CloseOnExec | Libc.OpenDirectory | Libc.OpenNoFollow);
        if (below < 0)
            return false;
        DeleteAll(below);
        _ = Libc.Close(below);
        return Libc.RemoveDirectory(directory, name) == 0;
    }

    private static void DeleteAll(int directory)
    {
        var list = Libc.OpenList(Libc.FileControl(directory, Libc.DuplicateCloseOnExec, 0));
        if (list == 0)
            return;
        var names = new List<string>();
        while (Libc.ReadList(list) is var entry && entry is not null)
        {
            if (Marshal.PtrToStringUTF8((nint)(&entry->Name)) is { } name and not "." and not "..")
                names.Add(name);
        }

        _ = Libc.CloseList(list);
        foreach (var name in names)
            _ = Delete(directory, name);
    }
}
