using Microsoft.Win32.SafeHandles;

namespace Mirage.Unix;

/// <summary>A file or directory that is open, and what it was when it was opened.</summary>
/// <param name="Handle">Closed by whoever holds this.</param>
/// <param name="Kind">A regular file is a value, a directory is a dictionary; anything else is not opened.</param>
/// <param name="Size">Bytes of a value.</param>
/// <param name="Modified">When it was last changed.</param>
internal sealed record OpenFile(SafeFileHandle Handle, KvKind Kind, long Size, DateTimeOffset Modified) : IDisposable
{
    /// <summary>The descriptor, for system calls while this is open.</summary>
    public int Descriptor => (int)Handle.DangerousGetHandle();

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();
}
