using System.Runtime.InteropServices;
using LanguageExt;

namespace Mirage.Unix;

/// <summary>Reads the names in a directory.</summary>
internal static unsafe class DirectoryReader
{
    /// <summary>The keys below <paramref name="key"/> in <paramref name="range"/>, in ordinal order, without those that
    /// name neither a value nor a dictionary.</summary>
    public static Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>> List(
        RootDirectory root, KvKey key, OpenFile directory, KvRange range = default)
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

        var names = new List<KvKey>();
        int failure;
        while (true)
        {
            var entry = Libc.ReadList(list);
            failure = Marshal.GetLastPInvokeError();
            if (entry is null)
                break;
            if (TryKey(key, Marshal.PtrToStringUTF8((nint)(&entry->Name)), out var child)
                && range.Contains(child.Basename))
                names.Add(child);
        }

        _ = Libc.CloseList(list);
        if (failure != 0)
            return new KvError.Storage(key, Errno.Describe(failure));
        names.Sort();
        // What a name stands for is looked up for those alone that are asked for. Several that are no UTF-8 may read as
        // one.
        return names.Distinct().Select(name => (Key: name, Kind: KindOf(root, name)))
            .Where(static child => child.Kind is not null)
            .Take(range.Max ?? int.MaxValue)
            .Select(static child => (child.Key, child.Kind!.Value))
            .ToArray();
    }

    private static KvKind? KindOf(RootDirectory root, KvKey key)
    {
        using var file = root.Open(key, forReading: false).Case as OpenFile;
        return file?.Kind;
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
