namespace Mirage.Storage;

/// <summary>What <see cref="IKvRw{TSelf}.SetPartial"/> makes of a value that is held whole.</summary>
internal static class KvSplice
{
    /// <summary><paramref name="old"/> with <paramref name="value"/> from <paramref name="offset"/> on, or appended
    /// where that is past the end; null when it would be over <paramref name="room"/> bytes.</summary>
    public static byte[]? TryWrite(ReadOnlyMemory<byte> old, long offset, ReadOnlyMemory<byte> value, long room)
    {
        var start = Math.Min(offset, old.Length);
        if (start + value.Length > room)
            return null;
        var whole = new byte[Math.Max(old.Length, start + value.Length)];
        old.CopyTo(whole);
        value.CopyTo(whole.AsMemory((int)start));
        return whole;
    }
}
