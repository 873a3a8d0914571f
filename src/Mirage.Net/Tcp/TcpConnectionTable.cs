using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Mirage.Net;

/// <summary>The connections of a stack by their ends, which they have themselves: the table holds no copy.</summary>
internal sealed class TcpConnectionTable
{
    private readonly HashSet<TcpConnection> _connections;
    private readonly HashSet<TcpConnection>.AlternateLookup<TcpFlowKey> _byKey;

    public TcpConnectionTable(TcpFlowKeyComparer keys)
    {
        _connections = new(new TcpConnectionComparer(keys));
        _byKey = _connections.GetAlternateLookup<TcpFlowKey>();
    }

    public int Count => _connections.Count;

    public IEnumerable<TcpConnection> All => _connections;

    public bool Contains(TcpFlowKey key) => _byKey.Contains(key);

    public bool TryFind(TcpFlowKey key, [NotNullWhen(true)] out TcpConnection? connection) =>
        _byKey.TryGetValue(key, out connection);

    public void Add(TcpConnection connection)
    {
        var isNew = _connections.Add(connection);
        Debug.Assert(isNew, "Two ends have one connection.");
    }

    /// <summary>Forgets the connection, unless another one has its ends by now.</summary>
    public void Remove(TcpConnection connection)
    {
        if (_connections.TryGetValue(connection, out var known) && known == connection)
            _connections.Remove(connection);
    }
}
