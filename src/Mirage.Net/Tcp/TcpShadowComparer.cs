namespace Mirage.Net;

/// <summary>Finds a shadow by its ends, by the same keyed hash as connections.</summary>
internal sealed class TcpShadowComparer<T>(TcpFlowKeyComparer keys)
    : IEqualityComparer<T>, IAlternateEqualityComparer<TcpFlowKey, T> where T : TcpShadow<T>
{
    public bool Equals(T? x, T? y) => x == y || (x is not null && y is not null && x.Key == y.Key);

    public int GetHashCode(T obj) => keys.GetHashCode(obj.Key);

    public bool Equals(TcpFlowKey alternate, T other) => alternate == other.Key;

    public int GetHashCode(TcpFlowKey alternate) => keys.GetHashCode(alternate);

    public T Create(TcpFlowKey alternate) => throw new NotSupportedException("Shadows are made by their table.");
}
