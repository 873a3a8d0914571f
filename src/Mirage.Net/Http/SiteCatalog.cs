using System.Text;
using LanguageExt;

namespace Mirage.Net;

/// <summary>Looks values up and remembers their digests, so that a large value is not read through for each
/// request.</summary>
internal sealed class SiteCatalog<TKv>(TKv kv, EventLoop loop) where TKv : struct, IKvRo<TKv>
{
    /// <summary>Digests remembered; when there are more, all are forgotten.</summary>
    public const int EntriesMax = 1024;

    // A value may be set twice within the resolution of its time: its digest is trusted once that has surely passed.
    private static readonly TimeSpan s_settled = TimeSpan.FromSeconds(2);

    private readonly Dictionary<KvKey, Entry> _entries = [];

    /// <summary>What is needed to answer for the value at <paramref name="key"/>; a dictionary gives
    /// <see cref="KvError.ValueExpected"/>.</summary>
    public async ValueTask<Either<KvError, SiteResource>> Find(KvKey key)
    {
        if (!(await TKv.Size(kv, key)).TryGet(out var size, out var error))
            return error;
        if (!(await TKv.LastModified(kv, key)).TryGet(out var modified, out error))
            return error;
        if (_entries.TryGetValue(key, out var entry) && entry.Modified == modified && entry.Resource.Size == size)
            return entry.Resource;

        if (!(await TKv.Digest(kv, key)).TryGet(out var digest, out error))
            return error;
        var tag = Encoding.ASCII.GetBytes($"\"{Convert.ToHexStringLower(digest.Span)}\"");
        var resource = new SiteResource(key, size, HttpDate.Truncate(modified), tag);
        Remember(new(modified, resource));
        return resource;
    }

    private void Remember(Entry entry)
    {
        if (loop.UtcNow - entry.Modified < s_settled)
            return;
        if (_entries.Count >= EntriesMax)
            _entries.Clear();
        _entries[entry.Resource.Key] = entry;
    }

    private readonly record struct Entry(DateTimeOffset Modified, SiteResource Resource);
}
