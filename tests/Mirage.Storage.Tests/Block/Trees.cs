namespace Mirage.Storage.Tests;

/// <summary>All that a store holds, as text that is easy to compare.</summary>
internal static class Trees
{
    /// <summary>The values by key, their bytes in hexadecimal, and the dictionaries with a slash.</summary>
    public static SortedDictionary<string, string> Of<TKv>(TKv kv) where TKv : struct, IKvRo<TKv>
    {
        var tree = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var left = new Stack<KvKey>([KvKey.Root]);
        while (left.TryPop(out var key))
        {
            foreach (var (child, kind) in Disks.Right(TKv.List(kv, key)))
            {
                if (kind is KvKind.Dictionary)
                    left.Push(child);
                tree[kind is KvKind.Dictionary ? $"{child}/" : $"{child}"] = kind is KvKind.Dictionary
                    ? ""
                    : Convert.ToHexString(Disks.Right(TKv.Get(kv, child)).Span);
            }
        }

        return tree;
    }
}
