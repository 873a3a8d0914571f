using System.Runtime.InteropServices;
using LanguageExt;

namespace Mirage.Unix;

/// <summary>Reads the names in a directory.</summary>
internal static unsafe class DirectoryReader
{
    /// <summary>The keys below <paramref name="key"/>, in ordinal order, without those that name neither a value nor a
    /// dictionary.</summary>
    public static Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>> List(
        RootDirectory root, KvKey key, OpenFile directory)
    {
        var descriptor = Libc.FileControl(directory.Descriptor, Libc.DuplicateCloseOnExec, 0);
        var list = descriptor < 0 ? 0 : Libc.OpenList(descriptor);
        if (list == 0)
        {
            var error = Errno.Last;
            if (descriptor >= 0)
                _ = Libc.Close(descriptor);
            return new KvError.Storage(key, Errno.Describe(error));
        }

        var found = new List<(KvKey Key, KvKind Kind)>();
        while (Libc.ReadList(list) is var entry && entry is not null)
        {
            if (TryKey(key, Marshal.PtrToStringUTF8((nint)(&entry->Name)), out var child))
                root.Open(child, forReading: false).IfRight(file => Add(found, child, file));
        }

        _ = Libc.CloseList(list);
        found.Sort(static (left, right) => left.Key.CompareTo(right.Key));
        return found;
    }

    private static void Add(List<(KvKey Key, KvKind Kind)> found, KvKey key, OpenFile file)
    {
        using (file)
            found.Add((key, file.Kind));
    }

    private static bool TryKey(KvKey parent, string? name, out KvKey child)
    {
        child = default;
        if (name is null or "." or ".." or "")
            return false;
        child = parent / name;
        return true;
    }
}
