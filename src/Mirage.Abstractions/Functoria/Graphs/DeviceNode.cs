namespace Mirage;

/// <summary>The node of a device: its type.</summary>
internal sealed class DeviceNode<T> : Impl<T>, IDeviceNode where T : IDevice<T>
{
    public override string Label => GraphDevice.NameOf(typeof(T), T.Group);

    public override IReadOnlyList<INode> Needs => [T.Impl];

    public Type Type => typeof(T);

    public string Group => T.Group;

    public INode Describe() => T.Impl;

    internal override ValueTask<T> Make(Connector connector) => connector.Connect<T>();
}
