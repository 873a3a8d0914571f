using FsCheck.Xunit;

namespace Mirage.Storage.Tests;

/// <summary>The tree below the read-only stores, against a list of its values.</summary>
public sealed class KvTreeTests
{
    [Property]
    public void Walk_FindsExactlyWhatWasAdded(byte[] choices)
    {
        var tree = KvTree.Empty;
        var model = new SortedDictionary<KvKey, byte[]>();
        foreach (var choice in choices)
        {
            var key = KvKey.Parse($"/{choice % 3}/{choice % 5}{(choice % 2 == 0 ? "/leaf" : "")}{choice}");
            if (model.TryAdd(key, [choice]))
                tree = tree.With(key, new KvValue(new[] { choice }, DateTimeOffset.UnixEpoch))!;
        }

        Assert.Equal(model.Keys, Walk(tree, KvKey.Root));
        Assert.All(model, entry => Assert.Equal(entry.Value, tree.Get(entry.Key).RightToList().Single().ToArray()));
    }

    [Fact]
    public void KeyThatIsTaken_IsNotAddedToAProgramsFiles()
    {
        var file = new KvValue(default, default);
        var tree = CrunchResources.Add(KvTree.Empty, KvKey.Parse("a/b"), file);
        Assert.Throws<InvalidDataException>(() => CrunchResources.Add(tree, KvKey.Parse("a/b"), file));
        Assert.Throws<InvalidDataException>(() => CrunchResources.Add(tree, KvKey.Parse("a"), file));
        Assert.Throws<InvalidDataException>(() => CrunchResources.Add(tree, KvKey.Parse("a/b/c"), file));
        Assert.Throws<InvalidDataException>(() => CrunchResources.Add(tree, KvKey.Root, file));
    }

    private static IEnumerable<KvKey> Walk(KvTree tree, KvKey key) =>
        tree.List(key).RightToList().Single().SelectMany(child =>
        child.Kind is KvKind.Value ? [child.Key] : Walk(tree, child.Key));
}
