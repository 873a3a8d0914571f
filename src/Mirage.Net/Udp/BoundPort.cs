namespace Mirage.Net;

/// <summary>A port of UDP and its handler, behind one virtual call a datagram.</summary>
internal abstract class BoundPort(IUdpPortOwner owner, UdpBinding binding, BindOptions options) : UdpPort
{
    public UdpBinding Binding => binding;

    /// <summary>Whether it hears of datagrams that did not arrive.</summary>
    public bool HearsErrors => binding.IsConnected || options.ReportsErrors;

    public bool DontFragment => options.DontFragment;

    /// <summary>Hops of what it sends to a group: one unless somebody asks for more, RFC 1112 section 6.1.</summary>
    public byte MulticastTtl => Math.Max((byte)1, options.MulticastTtl);

    /// <summary>Whether ports of this host get what it sends to their group.</summary>
    public bool LoopsBack => options.MulticastLoopback;

    /// <summary>Whether it is bound still.</summary>
    public bool IsBound { get; private set; } = true;

    public sealed override ushort Number => binding.Local.Port;

    public sealed override Endpoint Reachable =>
        binding.Local.Address.IsUnspecified ? binding.Local with { Address = owner.Address } : binding.Local;

    /// <summary>A port that calls <paramref name="handler"/>.</summary>
    public static BoundPort Of<THandler>(
        IUdpPortOwner owner, UdpBinding binding, BindOptions options, THandler handler)
        where THandler : struct, IDatagramHandler => new Typed<THandler>(owner, binding, options, handler);

    public abstract void Input(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload);

    public abstract void Unreachable(Endpoint destination, IcmpUnreachable reason);

    /// <summary>The layer is disconnected.</summary>
    public void HandleDisconnect()
    {
        IsBound = false;
        Closed();
    }

    protected abstract void Closed();

    protected sealed override void Unbind()
    {
        if (!IsBound)
            return;
        IsBound = false;
        owner.Unbind(this);
    }

    private sealed class Typed<THandler>(
        IUdpPortOwner owner, UdpBinding binding, BindOptions options, THandler handler)
        : BoundPort(owner, binding, options) where THandler : struct, IDatagramHandler
    {
        public override void Input(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload) =>
            handler.Input(source, destination, payload);

        public override void Unreachable(Endpoint destination, IcmpUnreachable reason) =>
            handler.Unreachable(destination, reason);

        protected override void Closed() => handler.Closed();
    }
}
