using System.Text;

namespace Mirage.Unix;

/// <summary>What file systems of Linux take as a name.</summary>
internal static class FileName
{
    private const int NameMax = 255; // NAME_MAX, bytes.
    private const int PathMax = 4096; // PATH_MAX, with the NUL.

    /// <summary>Why nothing can be put at a key, or null.</summary>
    public static KvWriteError? Refuse(KvKey key)
    {
        var path = 0;
        foreach (var name in key.Names)
        {
            if (!IsText(name))
                return new KvWriteError.BadName(key, "a name has half of a surrogate pair");
            var bytes = Encoding.UTF8.GetByteCount(name);
            if (bytes > NameMax)
                return new KvWriteError.BadName(key, $"a name of {bytes} bytes, more than {NameMax}");
            path += bytes + 1;
        }

        if (path > PathMax)
            return new KvWriteError.BadName(key, $"a path of {path} bytes, more than {PathMax}");
        return key.Names is [RootDirectory.Temporary, ..]
            ? new KvWriteError.BadName(key, "the name is kept for what is not finished")
            : null;
    }

    /// <summary>Whether a name has a UTF-8 of its own: half of a surrogate pair would be written as another
    /// character.</summary>
    public static bool IsText(string name)
    {
        for (var rest = name.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var length) != System.Buffers.OperationStatus.Done)
                return false;
            rest = rest[length..];
        }

        return true;
    }
}
