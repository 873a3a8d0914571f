using LanguageExt;

namespace Mirage.Storage;

/// <summary>A tree that is read until the store is disconnected.</summary>
internal class TreeStore(KvTree tree)
{
    /// <summary>The tree as it is now; null once the store is disconnected.</summary>
    protected KvTree? Tree { get; set; } = tree;

    public Either<KvError, T> Read<T>(Func<KvTree, Either<KvError, T>> read) =>
        Tree is null ? new KvError.Disconnected() : read(Tree);

    public void Disconnect() => Tree = null;
}
