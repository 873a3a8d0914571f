using System.Text;
using LanguageExt;
using Microsoft.Win32.SafeHandles;

namespace Mirage.Unix;

/// <summary>A directory out of which no key leads: every path is resolved by the kernel beneath the open
/// directory.</summary>
/// <remarks>What a writer keeps for itself in <see cref="Temporary"/> is not there for readers. A symbolic link that
/// stays inside is followed; one that leads out, a device, a pipe or a socket is as if it
/// were not there. On a kernel without openat2(2) no link is followed at all.</remarks>
/// <param name="root">The directory, which is this one's from now on.</param>
/// <param name="hasOpenBeneath">Whether the kernel may have openat2(2).</param>
internal sealed unsafe class RootDirectory(SafeFileHandle root, bool hasOpenBeneath = true) : IDisposable
{
    /// <summary>The name beneath the root where a writer has what is not finished.</summary>
    public const string Temporary = ".mirage-tmp";

    private const int RacesMax = 8; // The kernel asks to try again when a directory on the way moves meanwhile.
    private bool _hasOpenBeneath = hasOpenBeneath;

    /// <summary>Opens <paramref name="path"/>, which is looked for in the working directory and then beside the
    /// program.</summary>
    public static Either<ConnectError, RootDirectory> Open(string path)
    {
        if (path.Length == 0)
            return new ConnectError("the directory has no name", "name one, as ./files");

        var error = Errno.NoEntry;
        string[] places = Path.IsPathRooted(path) ? [path] : [path, Path.Combine(AppContext.BaseDirectory, path)];
        foreach (var place in places)
        {
            const int Flags = Libc.PathOnly | Libc.CloseOnExec;
            // Looking its '.' up needs the right to look up files in it, which opening the directory alone does not.
            var descriptor = Libc.OpenAt(Libc.WorkingDirectory, Path.Join(place, "."), Flags | Libc.OpenDirectory);
            if (descriptor >= 0)
                return new RootDirectory(new SafeFileHandle(descriptor, ownsHandle: true));
            error = error == Errno.NoEntry ? Errno.Last : error;
        }

        return error switch
        {
            Errno.NoEntry => new ConnectError($"{path}: there is no such directory", "make it, or name another one"),
            Errno.NotDirectory =>
                new ConnectError($"{path}: a file, not a directory", "name the directory that holds the files"),
            _ => new ConnectError($"{path}: {Errno.Describe(error)}", "name a directory that this program may read"),
        };
    }

    /// <summary>The directory itself, to look up names in; it cannot be listed or flushed.</summary>
    public int Descriptor => (int)root.DangerousGetHandle();

    /// <summary>What <paramref name="key"/> names, opened for reading, or only to look at it.</summary>
    public Either<KvError, OpenFile> Open(KvKey key, bool forReading)
    {
        if (root.IsClosed)
            return new KvError.Disconnected();
        if (!CanBeThere(key))
            return new KvError.NotFound(key);

        // Opening must not wait for the writer of a pipe, or take a terminal over.
        var flags = Libc.CloseOnExec | (forReading
            ? Libc.ReadOnly | Libc.NonBlocking | Libc.NoControllingTerminal
            : Libc.PathOnly);
        var descriptor = Open(key, flags);
        if (descriptor < 0)
            return Describe(key, Errno.Last);

        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        Libc.FileStatus status;
        if (Libc.Stat(descriptor, &status) == 0 && KindOf(status.Mode) is { } kind)
            return new OpenFile(handle, kind, status.Size, TimeOf(status));
        handle.Dispose();
        return new KvError.NotFound(key);
    }

    public void Dispose() => root.Dispose();

    private static bool CanBeThere(KvKey key) =>
        key.Names is not [Temporary, ..] && key.Names.All(FileName.IsText);

    private int Open(KvKey key, int flags)
    {
        var directory = Descriptor;
        if (!_hasOpenBeneath)
            return Walk(directory, key, flags);

        // A key's names hold no slash and no NUL and are neither '.' nor '..': joining them says nothing else.
        var path = Encoding.UTF8.GetBytes(key.IsRoot ? ".\0" : string.Join('/', key.Names) + '\0');
        fixed (byte* start = path)
        {
            var descriptor = Libc.OpenBeneath(directory, start, flags);
            for (var race = 1; race < RacesMax && descriptor < 0
                && Errno.Last is Errno.Again or Errno.Interrupted; race++)
                descriptor = Libc.OpenBeneath(directory, start, flags);
            if (descriptor >= 0 || Errno.Last is not (Errno.NotImplemented or Errno.NotPermitted))
                return descriptor;
        }

        _hasOpenBeneath = false; // A kernel before 5.6, or a filter that does not know the call.
        return Walk(directory, key, flags);
    }

    private static int Walk(int directory, KvKey key, int flags)
    {
        if (key.IsRoot)
            return Libc.OpenAt(directory, ".", flags);

        var at = directory;
        for (var index = 0; index < key.Names.Length; index++)
        {
            var isLast = index == key.Names.Length - 1;
            var step = Libc.OpenAt(at, key.Names[index], isLast
                ? flags | Libc.OpenNoFollow
                : Libc.PathOnly | Libc.OpenDirectory | Libc.OpenNoFollow | Libc.CloseOnExec);
            var error = Errno.Last;
            if (at != directory)
                _ = Libc.Close(at);
            if (step < 0)
                System.Runtime.InteropServices.Marshal.SetLastSystemError(error);
            if (step < 0 || isLast)
                return step;
            at = step;
        }

        return at;
    }

    private static KvKind? KindOf(ushort mode) => (mode & Libc.ModeKind) switch
    {
        Libc.ModeRegular => KvKind.Value,
        Libc.ModeDirectory => KvKind.Dictionary,
        _ => null,
    };

    // File systems count beyond the years 1 and 9999.
    private static DateTimeOffset TimeOf(in Libc.FileStatus status) =>
        status.ModifiedSeconds < DateTimeOffset.MinValue.ToUnixTimeSeconds() ? DateTimeOffset.MinValue
        : status.ModifiedSeconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds() ? DateTimeOffset.MaxValue
        : DateTimeOffset.FromUnixTimeSeconds(status.ModifiedSeconds).AddTicks(status.ModifiedNanoseconds / 100);

    private static KvError Describe(KvKey key, int error) => error switch
    {
        Errno.AccessDenied or Errno.NotPermitted or Errno.InputOutput
            or Errno.NoFiles or Errno.NoSystemFiles or Errno.NoMemory =>
            new KvError.Storage(key, Errno.Describe(error)),
        Errno.NotDirectory => new KvError.DictionaryExpected(key), // A file is on the way.
        // Not there, a link that leads out or in a circle, too long a name.
        _ => new KvError.NotFound(key),
    };
}
