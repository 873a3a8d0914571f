using System.Runtime.CompilerServices;

namespace Mirage.Testing;

/// <summary>The ends that the cases of a suite run between, by host.</summary>
internal sealed class TransportEnds<TDevice>(Func<Host, ValueTask<StackEnds<TDevice>>> connect)
    where TDevice : struct, IDevice<TDevice>
{
    private readonly ConditionalWeakTable<Host, StackEnds<TDevice>> _ends = [];

    public StackEnds<TDevice> this[Host host] => _ends.TryGetValue(host, out var ends)
        ? ends
        : throw new InvalidOperationException("Nothing is connected on the host.");

    public async ValueTask<TDevice> Connect(Host host)
    {
        var ends = await connect(host);
        _ends.AddOrUpdate(host, ends);
        return ends.Client;
    }

    public ValueTask Disconnect(Host host) => this[host].Disconnect();
}
