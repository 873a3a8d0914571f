namespace Mirage;

/// <summary>TCP and UDP over one IP layer: MirageOS's STACK, what applications are written against.</summary>
/// <typeparam name="TSelf">The type that implements the signature.</typeparam>
public interface IStack<TSelf> : ITcp<TSelf>, IUdp<TSelf> where TSelf : struct, IStack<TSelf>
{
    /// <summary>This host's addresses with their networks.</summary>
    static abstract IReadOnlyList<Cidr> Addresses(TSelf stack);
}
