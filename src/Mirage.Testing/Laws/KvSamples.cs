namespace Mirage.Testing;

/// <summary>Content of stores with what is hard to get right: sizes around sectors, names that are the beginnings of
/// others, letters of all kinds, deep nesting, equal values.</summary>
public static class KvSamples
{
    /// <summary>A tree that every store can hold.</summary>
    public static IReadOnlyDictionary<KvKey, byte[]> Content { get; } = Make();

    /// <summary>Bytes that tell their place, so that a part of a value is known by what it holds.</summary>
    public static byte[] Bytes(int length, ulong seed)
    {
        var bytes = new byte[length];
        new SplitMix64(seed).Fill(bytes);
        return bytes;
    }

    private static SortedDictionary<KvKey, byte[]> Make()
    {
        var content = new SortedDictionary<KvKey, byte[]>();
        foreach (var length in (int[])[0, 1, 511, 512, 513, 4095, 4096, 4097, 100_000])
            content[KvKey.Parse($"/sizes/{length}")] = Bytes(length, (ulong)length);

        foreach (var name in (string[])["a", "ab", "a.b", "a b", "a-", "B", "é", "日本", "🦉", ".hidden", "dot."])
            content[KvKey.Parse($"/names/{name}")] = Bytes(3, (ulong)name.Length);
        content[KvKey.Parse($"/names/{new string('n', 200)}")] = Bytes(7, 7);
        content[KvKey.Parse("/names/abc/d")] = Bytes(9, 9);
        content[KvKey.Parse("/names-/x")] = Bytes(5, 5);

        content[KvKey.Parse("/same/1")] = Bytes(600, 1);
        content[KvKey.Parse("/same/2")] = Bytes(600, 1);
        content[KvKey.Parse("/same/3")] = Bytes(600, 2);
        content[KvKey.Parse("/same/zeros")] = new byte[600];
        content[KvKey.Parse("/same/more zeros")] = new byte[601];

        var deep = KvKey.Root / "deep";
        for (var level = 0; level < 12; level++)
        {
            deep /= $"level{level}";
            content[deep / "leaf"] = Bytes(level, 3);
        }

        return content;
    }
}
