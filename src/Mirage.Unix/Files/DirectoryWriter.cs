using LanguageExt;

namespace Mirage.Unix;

/// <summary>Changes what is beneath a directory, so that a reader and a power cut find the old or the new: what is new
/// is written elsewhere, made durable, and given its name. Its calls wait for the disk.</summary>
/// <remarks>Calls but <see cref="NewFile"/> and <see cref="Append"/> are one at a time.</remarks>
internal sealed unsafe class DirectoryWriter(RootDirectory root, TemporaryFiles files)
{
    private const uint Everybody = 0b111_111_111;
    private const int CopyStep = 1 << 20;

    /// <summary>A file that has no name yet.</summary>
    public Either<KvWriteError, NewFile> NewFile(KvKey key)
    {
        var name = files.NextName();
        return files.Create(name) is { } handle ? new NewFile(name, handle) : Failure(key, Errno.Last);
    }

    /// <summary>Writes to the end of a new file; null or an error.</summary>
    public static KvWriteError? Append(KvKey key, NewFile file, ReadOnlySpan<byte> bytes)
    {
        var error = Write(file, bytes, file.Length);
        file.Length += bytes.Length;
        return error == 0 ? null : Failure(key, error);
    }

    /// <summary>Makes a new file durable; null or an error.</summary>
    public static KvWriteError? Sync(KvKey key, NewFile file) =>
        Libc.Sync(file.Descriptor) < 0 ? Failure(key, Errno.Last) : null;

    /// <summary>Gives a new file, which is durable, the name of a key, if the condition holds.</summary>
    public KvWriteError? Put(KvKey key, NewFile file, KvCondition? condition) => Judge(key, condition)
        ?? PlaceOf(key) ?? FileName.Refuse(key) ?? Name(key, files.Descriptor, file.Name, destination: key);

    /// <summary>Overwrites a part of a value, or makes one.</summary>
    public KvWriteError? SetPartial(KvKey key, long offset, ReadOnlySpan<byte> bytes)
    {
        if ((PlaceOf(key) ?? FileName.Refuse(key)) is { } refusal)
            return refusal;
        var made = NewFile(key);
        if (made.Case is not NewFile file)
            return (KvWriteError)made;
        using (file)
        {
            var error = Copy(key, file) ?? Result(key, Write(file, bytes, Math.Min(offset, file.Length)))
                ?? Sync(key, file) ?? Name(key, files.Descriptor, file.Name, destination: key);
            if (error is not null)
                _ = files.Delete(file.Name);
            return error;
        }
    }

    /// <summary>Makes a value of zeros where nothing is. Its room is taken at once.</summary>
    public KvWriteError? Allocate(KvKey key, long size)
    {
        if (Kind(key) is not null)
            return new KvWriteError.AlreadyPresent(key);
        if ((PlaceOf(key) ?? FileName.Refuse(key)) is { } refusal)
            return refusal;
        var made = NewFile(key);
        if (made.Case is not NewFile file)
            return (KvWriteError)made;
        using (file)
        {
            var error = Result(key, size == 0 ? 0 : Libc.Extend(file.Descriptor, size))
                ?? Sync(key, file) ?? Name(key, files.Descriptor, file.Name, destination: key);
            if (error is not null)
                _ = files.Delete(file.Name);
            return error;
        }
    }

    /// <summary>Removes what is at a key: a dictionary by one rename out of sight, and then in its own time. What the
    /// root holds goes name by name.</summary>
    public KvWriteError? Remove(KvKey key)
    {
        var unknown = TryOpen(key, forReading: key.IsRoot, out var opened);
        using var there = opened;
        if (there is null)
            return unknown;
        if (key.IsRoot)
            return RemoveAll(there);
        unknown = TryOpen(key.Parent, forReading: true, out opened);
        using var parent = opened;
        if (parent is null)
            return unknown;
        if (there.Kind is KvKind.Value)
            return Libc.Remove(parent.Descriptor, key.Basename) < 0 ? Failure(key, Errno.Last) : Sync(key, parent);
        var name = files.NextName();
        if (Libc.Rename(parent.Descriptor, key.Basename, files.Descriptor, name) < 0)
            return Failure(key, Errno.Last);
        var error = Sync(key, parent);
        _ = files.Delete(name);
        return error;
    }

    /// <summary>Moves a value or dictionary.</summary>
    public KvWriteError? Rename(KvKey source, KvKey destination)
    {
        if (source != destination && source.IsPrefixOf(destination))
            return new KvWriteError.RenameSourcePrefix(source, destination);
        var opened = root.Open(source, forReading: false);
        using var moved = opened.Case as OpenFile;
        if (moved is null)
            return new KvWriteError.Read((KvError)opened);
        var isInto = source != destination && Kind(destination) is KvKind.Dictionary;
        var target = isInto ? destination / source.Basename : destination;
        if (target == source)
            return null;
        var there = Kind(target);
        if (there is KvKind.Dictionary)
            return new KvWriteError.AlreadyPresent(target);
        if (there is KvKind.Value && moved.Kind is KvKind.Dictionary)
            return new KvWriteError.Read(new KvError.ValueExpected(source));
        if (PlaceOf(target) is not null)
            return new KvWriteError.Read(new KvError.DictionaryExpected(destination));
        if (FileName.Refuse(target) is { } refusal)
            return refusal;
        using var parent = root.Open(source.Parent, forReading: true).Case as OpenFile;
        if (parent is null)
            return new KvWriteError.Read(new KvError.NotFound(source));
        return Name(target, parent.Descriptor, source.Basename, destination) ?? Sync(source, parent);
    }

    private KvWriteError? Judge(KvKey key, KvCondition? condition)
    {
        if (condition is null)
            return null;
        var unknown = TryOpen(key, forReading: condition is KvCondition.DigestEquals, out var opened);
        using var there = opened;
        if (unknown is not null)
            return unknown;
        try
        {
            var holds = condition switch
            {
                KvCondition.Absent => there is null,
                KvCondition.DigestEquals wanted => there?.Kind is KvKind.Value
                    && FileStore.DigestNow(there).AsSpan().SequenceEqual(wanted.Digest.Span),
                _ => there?.Kind is KvKind.Value,
            };
            return holds ? null : new KvWriteError.ConditionFailed(key);
        }
        catch (IOException failure)
        {
            return new KvWriteError.Read(new KvError.Storage(key, failure.Message));
        }
    }

    // What is at a key, and null where nothing is; an error where that cannot be known.
    private KvWriteError.Read? TryOpen(KvKey key, bool forReading, out OpenFile? there)
    {
        var opened = root.Open(key, forReading);
        there = opened.Case as OpenFile;
        return opened.Case is KvError error and not (KvError.NotFound or KvError.DictionaryExpected)
            ? new KvWriteError.Read(error)
            : null;
    }

    private KvKind? Kind(KvKey key)
    {
        using var there = root.Open(key, forReading: false).Case as OpenFile;
        return there?.Kind;
    }

    // Why no value can be put at a key, or null.
    private KvWriteError.Read? PlaceOf(KvKey key)
    {
        var opened = root.Open(key, forReading: false);
        using var there = opened.Case as OpenFile;
        if (there is not null)
            return there.Kind is KvKind.Dictionary ? new KvWriteError.Read(new KvError.ValueExpected(key)) : null;
        return opened.Case is KvError error and not KvError.NotFound ? new KvWriteError.Read(error) : null;
    }

    // Gives what has a name elsewhere the name of a key, in dictionaries that are made where they are not, and makes
    // that durable. What fails leaves no dictionary.
    private KvWriteError? Name(KvKey key, int from, string source, KvKey destination)
    {
        var made = new Stack<KvKey>();
        var opened = Dictionary(key.Parent, made);
        using var parent = opened.Case as OpenFile;
        var error = parent is null ? (KvWriteError)opened
            : Libc.Rename(from, source, parent.Descriptor, key.Basename) < 0 ? Failure(destination, Errno.Last)
            : null;
        if (error is null)
            return Sync(destination, parent!);
        foreach (var empty in made)
        {
            using var above = root.Open(empty.Parent, forReading: false).Case as OpenFile;
            if (above is not null)
                _ = Libc.RemoveDirectory(above.Descriptor, empty.Basename);
        }

        return error;
    }

    private Either<KvWriteError, OpenFile> Dictionary(KvKey key, Stack<KvKey> made)
    {
        var opened = root.Open(key, forReading: true);
        if (opened.Case is OpenFile there)
            return there;
        if (opened.Case is not KvError.NotFound)
            return new KvWriteError.Read((KvError)opened);
        var above = Dictionary(key.Parent, made);
        using var parent = above.Case as OpenFile;
        if (parent is null)
            return above;
        if (Libc.MakeDirectory(parent.Descriptor, key.Basename, Everybody) < 0)
            return Failure(key, Errno.Last);
        made.Push(key);
        if (Sync(key, parent) is { } error)
            return error;
        return root.Open(key, forReading: true).MapLeft<KvWriteError>(static error => new KvWriteError.Read(error));
    }

    private KvWriteError? RemoveAll(OpenFile directory)
    {
        var listed = DirectoryReader.List(root, KvKey.Root, directory);
        if (listed.Case is not IReadOnlyList<(KvKey Key, KvKind Kind)> children)
            return new KvWriteError.Read((KvError)listed);
        return children.Select(child => Remove(child.Key)).FirstOrDefault(static error => error is not null);
    }

    private KvWriteError? Copy(KvKey key, NewFile file)
    {
        var unknown = TryOpen(key, forReading: true, out var opened);
        using var old = opened;
        if (old is null)
            return unknown;
        var step = new byte[(int)Math.Min(CopyStep, Math.Max(1, old.Size))];
        try
        {
            while (RandomAccess.Read(old.Handle, step, file.Length) is > 0 and var count)
            {
                if (Append(key, file, step.AsSpan(0, count)) is { } error)
                    return error;
            }

            return null;
        }
        catch (IOException failure)
        {
            return new KvWriteError.Read(new KvError.Storage(key, failure.Message));
        }
    }

    private static int Write(NewFile file, ReadOnlySpan<byte> bytes, long offset)
    {
        fixed (byte* start = bytes)
        {
            for (var done = 0; done < bytes.Length;)
            {
                var vector = new Libc.IoVector { Base = start + done, Length = bytes.Length - done };
                var count = Libc.WriteVectorAt(file.Descriptor, &vector, 1, offset + done);
                if (count < 0 && Errno.Last != Errno.Interrupted)
                    return Errno.Last;
                done += (int)Math.Max(0, count);
            }
        }

        return 0;
    }

    private static KvWriteError? Sync(KvKey key, OpenFile directory) =>
        Libc.Sync(directory.Descriptor) < 0 ? Failure(key, Errno.Last) : null;

    private static KvWriteError? Result(KvKey key, int error) => error == 0 ? null : Failure(key, error);

    private static KvWriteError Failure(KvKey key, int error) => error switch
    {
        Errno.NoSpace or Errno.QuotaExceeded or Errno.TooLarge => new KvWriteError.NoSpace(key),
        Errno.ReadOnlySystem => new KvWriteError.ReadOnly(),
        Errno.NameTooLong => new KvWriteError.BadName(key, Errno.Describe(error)),
        _ => new KvWriteError.Read(new KvError.Storage(key, Errno.Describe(error))),
    };
}
