namespace Mirage;

/// <summary>A module of the library OS. Its type is its identity: one closed type is one device in a boot.</summary>
/// <remarks>A type that is passed as a type argument is a struct with one field, so that every closed functor is compiled
/// for exactly its arguments. A <c>default</c> handle is not connected and must not be used.</remarks>
/// <typeparam name="TSelf">The type that implements the signature.</typeparam>
public interface IDevice<TSelf> where TSelf : IDevice<TSelf>
{
    /// <summary>How this device is made from other devices and from keys. Building the value has no effect; the boot runs it once.</summary>
    static abstract Impl<TSelf> Impl { get; }

    /// <summary>The group whose name prefixes the keys of this device; a functor passes on the group of what it is applied to.</summary>
    static virtual string Group => "";

    /// <summary>Releases what connecting acquired. Called once, in reverse order of connection; never fails.</summary>
    static virtual ValueTask Disconnect(TSelf device) => ValueTask.CompletedTask;
}
