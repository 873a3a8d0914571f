using Mirage.Testing;

namespace Mirage.Net.Tests;

/// <summary>Where connections lie in a table.</summary>
public sealed class TcpFlowKeyTests : IDisposable
{
    private const int Places = 1024;

    private readonly SimHost _host = new(seed: 3);

    public void Dispose() => _host.Dispose();

    // Whoever knew the key could choose such ports; nobody does.
    [Fact]
    [Trait("Hostile", "37")]
    public void EndsThatShareAPlace_UnderAnotherKey_AreSpread()
    {
        var (known, secret) = (Comparer(), Comparer());
        var colliding = Enumerable.Range(0, 200_000).Select(number =>
            new TcpFlowKey(TcpSite.Local, TcpSite.Client(number))).Where(key => Place(known, key) == 0).ToList();
        Assert.InRange(colliding.Count, 100, 300);
        Assert.InRange(colliding.GroupBy(key => Place(secret, key)).Max(place => place.Count()), 1, 6);

        TcpFlowKeyComparer Comparer() => new(SipHash.Random(_host));

        static int Place(TcpFlowKeyComparer keys, TcpFlowKey key) => keys.GetHashCode(key) & (Places - 1);
    }
}
