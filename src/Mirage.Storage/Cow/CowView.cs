using LanguageExt;

namespace Mirage.Storage;

/// <summary>A root that is kept until its reader lets go of it.</summary>
internal sealed class CowView(CowRoots roots)
{
    private readonly CowRoot _root = roots.Pin();
    private bool _isDisconnected;

    public ValueTask<Either<KvError, T>> Read<T>(KvKey key, Func<CowTree, KvKey, ValueTask<Either<KvError, T>>> read) =>
        _isDisconnected ? new(new KvError.Disconnected()) : read(_root.Tree, key);

    public void Disconnect()
    {
        if (!_isDisconnected)
            roots.Unpin(_root);
        _isDisconnected = true;
    }
}
