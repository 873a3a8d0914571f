using FsCheck.Xunit;

namespace Mirage.Storage.Tests;

/// <summary>The tree below the read-only stores, against a list of its values.</summary>
public sealed class KvTreeTests
{
    [Property]
    public void Walk_FindsExactlyWhatWasAdded(byte[] choices)
    {
        var tree = new KvTree();
        var model = new SortedDictionary<KvKey, byte[]>();
        foreach (var choice in choices)
        {
            var key = KvKey.Parse($"/{choice % 3}/{choice % 5}{(choice % 2 == 0 ? "/leaf" : "")}{choice}");
            if (model.TryAdd(key, [choice]))
                tree.Add(key, new[] { choice }, DateTimeOffset.UnixEpoch);
        }

        Assert.Equal(model.Keys, Walk(tree, KvKey.Root));
        Assert.All(model, entry => Assert.Equal(entry.Value, tree.Get(entry.Key).RightToList().Single().ToArray()));
    }

    [Fact]
    public void KeyThatIsTaken_IsTheCallersMistake()
    {
        var tree = new KvTree();
        tree.Add(KvKey.Parse("a/b"), default, default);
        Assert.Throws<ArgumentException>(() => tree.Add(KvKey.Parse("a/b"), default, default));
        Assert.Throws<ArgumentException>(() => tree.Add(KvKey.Parse("a"), default, default));
        Assert.Throws<ArgumentException>(() => tree.Add(KvKey.Parse("a/b/c"), default, default));
        Assert.Throws<ArgumentException>(() => tree.Add(KvKey.Root, default, default));
    }

    private static IEnumerable<KvKey> Walk(KvTree tree, KvKey key) =>
        tree.List(key).RightToList().Single().SelectMany(child =>
        child.Kind is KvKind.Value ? [child.Key] : Walk(tree, child.Key));
}
