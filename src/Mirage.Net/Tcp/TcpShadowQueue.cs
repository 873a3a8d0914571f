using System.Diagnostics;

namespace Mirage.Net;

/// <summary>Shadows that wait equally long: the first is due first. Each operation costs the same whatever their
/// number.</summary>
internal sealed class TcpShadowQueue<T> where T : TcpShadow<T>
{
    private T? _last;

    /// <summary>The one that has waited longest.</summary>
    public T? First { get; private set; }

    public void Add(T shadow)
    {
        Debug.Assert(shadow.Previous is null && shadow.Next is null, "A shadow stands in one queue.");
        Debug.Assert(_last is null || _last.DueNs <= shadow.DueNs, "All of a queue wait equally long.");
        shadow.Previous = _last;
        if (_last is null)
            First = shadow;
        else
            _last.Next = shadow;
        _last = shadow;
    }

    public void Remove(T shadow)
    {
        if (shadow.Previous is { } previous)
            previous.Next = shadow.Next;
        else
            First = shadow.Next;
        if (shadow.Next is { } next)
            next.Previous = shadow.Previous;
        else
            _last = shadow.Previous;
        (shadow.Previous, shadow.Next) = (null, null);
    }
}
