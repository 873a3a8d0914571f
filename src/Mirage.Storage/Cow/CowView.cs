using LanguageExt;

namespace Mirage.Storage;

/// <summary>A root that is kept until its reader lets go of it.</summary>
internal sealed class CowView(CowRoots roots)
{
    private readonly CowRoot _root = roots.Pin();
    private bool _isDisconnected;

    public async ValueTask<Either<KvError, T>> Read<T>(
        KvKey key, Func<CowTree, KvKey, ValueTask<Either<KvError, T>>> read)
    {
        if (_isDisconnected)
            return new KvError.Disconnected();
        // It may be disconnected before the answer is there.
        CowRoots.Pin(_root);
        try
        {
            return await read(_root.Tree, key);
        }
        finally
        {
            roots.Unpin(_root);
        }
    }

    public void Disconnect()
    {
        if (!_isDisconnected)
            roots.Unpin(_root);
        _isDisconnected = true;
    }
}
