using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Mirage.Net;

/// <summary>The shadows of one kind by their ends. It keeps those that are over for those to come.</summary>
internal sealed class TcpShadowTable<T> where T : TcpShadow<T>, new()
{
    private readonly HashSet<T> _shadows;
    private readonly HashSet<T>.AlternateLookup<TcpFlowKey> _byKey;
    private T? _free; // Linked by their Next.

    public TcpShadowTable(TcpFlowKeyComparer keys)
    {
        _shadows = new(new TcpShadowComparer<T>(keys));
        _byKey = _shadows.GetAlternateLookup<TcpFlowKey>();
    }

    public int Count => _shadows.Count;

    public bool TryFind(TcpFlowKey key, [NotNullWhen(true)] out T? shadow) => _byKey.TryGetValue(key, out shadow);

    /// <summary>A shadow of these ends, which have none. Its other values are those of an earlier one.</summary>
    public T Add(TcpFlowKey key)
    {
        var shadow = _free ?? new T();
        _free = shadow.Next;
        (shadow.Key, shadow.Next) = (key, null);
        var isNew = _shadows.Add(shadow);
        Debug.Assert(isNew, "Two ends have one connection.");
        return shadow;
    }

    /// <summary>The shadow, which stands in no queue any more, is over.</summary>
    public void Remove(T shadow)
    {
        Debug.Assert(shadow.Previous is null && shadow.Next is null, "It has left its queue.");
        _shadows.Remove(shadow);
        shadow.Next = _free;
        _free = shadow;
    }
}
