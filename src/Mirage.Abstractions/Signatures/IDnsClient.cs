using LanguageExt;

namespace Mirage;

/// <summary>Resolution of names, RFC 1035: MirageOS's DNS client.</summary>
/// <typeparam name="TSelf">The type that implements the signature.</typeparam>
public interface IDnsClient<TSelf> : IDevice<TSelf> where TSelf : struct, IDnsClient<TSelf>
{
    /// <summary>The addresses of <paramref name="name"/>, IPv4 and IPv6, in the server's order; at least one.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled first.</exception>
    static abstract ValueTask<Either<DnsError, IReadOnlyList<IpAddress>>> Resolve(
        TSelf dns, string name, CancellationToken cancellation = default);
}
