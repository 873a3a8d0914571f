using Mirage.Testing;

namespace Mirage.Net.Tests;

/// <summary>What connections have in common is there once, and a stack remembers so many kinds of it.</summary>
public sealed class TcpParametersTests
{
    [Theory]
    [InlineData(TcpLimits.ParametersMax, true)]
    [InlineData(TcpLimits.ParametersMax + 1, false)]
    public void Connect_OptionsOfAnEarlierOne_SharesUnlessThereWereTooManyKinds(int kinds, bool isShared)
    {
        using var host = new SimHost(seed: 28);
        host.Run(async () =>
        {
            await using var pair = Flows.Pair(host);
            var listener = pair.Listen(80);
            var first = await Connect(1);
            for (var kind = 2; kind <= kinds; kind++)
                Assert.Equal(kind, (await Connect(kind)).SendBuffer);
            var again = await Connect(1);
            Assert.Equal(isShared, ReferenceEquals(first, again));
            Assert.Equal(first, again);

            async Task<TcpParameters> Connect(int sendBuffer)
            {
                var remote = StackPair<VirtualPort, VirtualPort>.At(80);
                var options = new FlowOptions { SendBuffer = sendBuffer };
                await using var flow = (await TcpIp<VirtualPort>.Connect(pair.Left, remote, options)).Value();
                await using var peer = (await listener.Accept()).Value();
                return Assert.IsType<TcpConnection>(flow).Parameters;
            }
        });
    }
}
