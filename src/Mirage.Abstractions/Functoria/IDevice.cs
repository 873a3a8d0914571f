namespace Mirage;

/// <summary>A module of the library OS. Its type is its identity: one closed type is one device in a boot.</summary>
/// <remarks>
/// <para>A type that is passed as a type argument is a struct with one field, so that every closed functor is compiled
/// for exactly its arguments. A <c>default</c> handle is not connected and must not be used.</para>
/// <para>Keys are declared once, in a static field, without a thought of groups: a key in <see cref="Impl"/> is
/// prefixed by the <see cref="Group"/> of the device whose value it is in, so that <c>--ipv4</c> of a device in group
/// <c>management</c> is <c>--management-ipv4</c>. A functor that is one device with what it is applied to passes the
/// group on: <c>static string Group => TNetwork.Group</c>. <see cref="Key{T}.In"/> puts a key in a group of its own.
/// </para>
/// </remarks>
/// <typeparam name="TSelf">The type that implements the signature.</typeparam>
public interface IDevice<TSelf> where TSelf : IDevice<TSelf>
{
    /// <summary>
    /// How this device is made from other devices and from keys. Building the value has no effect; the boot runs it
    /// once.
    /// </summary>
    static abstract Impl<TSelf> Impl { get; }

    /// <summary>What prefixes the names of this device's keys; empty for nothing.</summary>
    static virtual string Group => "";

    /// <summary>
    /// Releases what connecting acquired. A boot calls it once, in reverse order of connection, and waits some seconds
    /// at most; called again it does nothing. It is not to fail; when it does, that is logged and the other devices
    /// still disconnect.
    /// </summary>
    static virtual ValueTask Disconnect(TSelf device) => ValueTask.CompletedTask;
}
