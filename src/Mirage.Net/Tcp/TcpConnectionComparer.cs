namespace Mirage.Net;

/// <summary>Finds a connection by its ends, which it has itself: the table holds no copy of them.</summary>
internal sealed class TcpConnectionComparer(TcpFlowKeyComparer keys)
    : IEqualityComparer<TcpConnection>, IAlternateEqualityComparer<TcpFlowKey, TcpConnection>
{
    public bool Equals(TcpConnection? x, TcpConnection? y) =>
        x == y || (x is not null && y is not null && x.Key == y.Key);

    public int GetHashCode(TcpConnection obj) => keys.GetHashCode(obj.Key);

    public bool Equals(TcpFlowKey alternate, TcpConnection other) => alternate == other.Key;

    public int GetHashCode(TcpFlowKey alternate) => keys.GetHashCode(alternate);

    public TcpConnection Create(TcpFlowKey alternate) =>
        throw new NotSupportedException("Connections are made by their engine.");
}
