using Mirage.Testing;

namespace Mirage.Net.Tests;

public sealed class QueuePortTests
{
    [Theory]
    [InlineData(2, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [Trait("Behaviour", "116")]
    public void LinkOfSeveralQueues_PortsChosenLeadToThisOne(int count, int queue)
    {
        using var host = new SimHost();
        var random = new RandomSource(host);
        var link = new NetworkInfo(default, 1500) { QueueCount = count, Queue = queue };
        var taken = new HashSet<ushort>();
        while (EphemeralPorts.TryChoose(random, link, port => !taken.Contains(port), out var port))
        {
            Assert.Equal(queue, port % count);
            taken.Add(port);
            if (taken.Count > 2000)
                return;
        }

        Assert.Fail("A queue has its share of the ports.");
    }

    [Fact]
    [Trait("Behaviour", "116")]
    public void QueueWithoutAFreePort_SaysSo()
    {
        using var host = new SimHost();
        var link = new NetworkInfo(default, 1500) { QueueCount = 2, Queue = 1 };
        Assert.False(EphemeralPorts.TryChoose(new(host), link, static port => port % 2 == 0, out _));
    }
}
