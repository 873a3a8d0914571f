using System.Buffers;
using LanguageExt;
using static Mirage.Impl;

namespace Mirage.Tests;

/// <summary>A stack that answers each operation with an error that names its tag.</summary>
internal readonly struct FakeStack<TTag> : IStack<FakeStack<TTag>> where TTag : struct, ITag
{
    private static readonly IpAddress s_address = IpAddress.FromV4(TTag.Name[0]);

    public static Impl<FakeStack<TTag>> Impl =>
        (Of<Part<TTag>>(), Key.Flag($"key-of-{TTag.Name.ToLowerInvariant()}", "Any."))
        .Apply(static (_, _) => default(FakeStack<TTag>));

    public static IReadOnlyList<Cidr> Addresses(FakeStack<TTag> stack) => [new(s_address, 32)];

    public static ValueTask<Either<TcpError, IFlow>> Connect(
        FakeStack<TTag> tcp, Endpoint remote, CancellationToken cancellation = default) =>
        new(new TcpError.NoRoute(s_address));

    public static Either<TcpError, IListener> Listen(
        FakeStack<TTag> tcp, ushort port, ListenOptions options = default) =>
        new TcpError.NoRoute(s_address);

    public static Either<UdpError, UdpPort> Bind<THandler>(
        FakeStack<TTag> udp, ushort port, THandler handler, BindOptions options = default)
        where THandler : struct, IDatagramHandler => new UdpError.NoRoute(s_address);

    public static Either<UdpError, Unit> Write(
        FakeStack<TTag> udp, UdpPort source, Endpoint destination, ReadOnlySequence<byte> payload) =>
        new UdpError.NoRoute(s_address);
}
