using System.Formats.Tar;
using System.Text;
using Mirage.Testing;

namespace Mirage.Storage.Tests;

/// <summary>Archives that the framework writes.</summary>
internal static class TarSamples
{
    public static DateTimeOffset Time { get; } = new(2026, 2, 3, 4, 5, 6, TimeSpan.Zero);

    /// <summary>An archive of these values.</summary>
    public static byte[] Archive(TarEntryFormat format, IEnumerable<KeyValuePair<KvKey, byte[]>> content)
    {
        using var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, format, leaveOpen: true))
        {
            foreach (var (key, bytes) in content)
                writer.WriteEntry(File(format, $"{key}"[1..], bytes));
        }

        return stream.ToArray();
    }

    /// <summary>An archive of two small files and a directory.</summary>
    public static byte[] Small(TarEntryFormat format = TarEntryFormat.Ustar)
    {
        using var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, format, leaveOpen: true))
        {
            writer.WriteEntry(File(format, "a/one", KvSamples.Bytes(700, 1)));
            writer.WriteEntry(new UstarTarEntry(TarEntryType.Directory, "empty/") { ModificationTime = Time });
            writer.WriteEntry(File(format, "two", KvSamples.Bytes(512, 2)));
        }

        return stream.ToArray();
    }

    /// <summary>A header with these fields, and contents padded to a block.</summary>
    public static byte[] Entry(string name, TarType type, ReadOnlySpan<byte> content, long? size = null)
    {
        var bytes = new byte[TarHeader.BlockSize * (1 + ((content.Length + 511) / 512))];
        new TarHeader(name, type, size ?? content.Length, 0, null).Emit(bytes);
        content.CopyTo(bytes.AsSpan(TarHeader.BlockSize));
        return bytes;
    }

    public static byte[] Entry(string name, TarType type, string content) =>
        Entry(name, type, Encoding.UTF8.GetBytes(content));

    /// <summary>A pax record with the length that it has.</summary>
    public static string Record(string keyword, string value)
    {
        var bare = Encoding.UTF8.GetByteCount($" {keyword}={value}\n");
        var length = Enumerable.Range(bare + 1, 8).First(length => length == bare + $"{length}".Length);
        return $"{length} {keyword}={value}\n";
    }

    private static System.Formats.Tar.TarEntry File(TarEntryFormat format, string name, byte[] bytes)
    {
        System.Formats.Tar.TarEntry entry = format switch
        {
            TarEntryFormat.V7 => new V7TarEntry(TarEntryType.V7RegularFile, name),
            TarEntryFormat.Ustar => new UstarTarEntry(TarEntryType.RegularFile, name),
            TarEntryFormat.Gnu => new GnuTarEntry(TarEntryType.RegularFile, name),
            _ => new PaxTarEntry(TarEntryType.RegularFile, name),
        };
        (entry.ModificationTime, entry.DataStream) = (Time, new MemoryStream(bytes));
        return entry;
    }
}
