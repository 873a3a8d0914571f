using System.Buffers;
using LanguageExt;

namespace Mirage;

/// <summary>One of two stacks: MirageOS's <c>generic_stack</c> as a type. Only the one chosen is connected.</summary>
/// <typeparam name="TCondition">What decides; a constant one leaves the other stack out of a trimmed build.</typeparam>
/// <typeparam name="TThen">The stack when it holds; its group is that of the condition's keys.</typeparam>
/// <typeparam name="TElse">The stack when it does not.</typeparam>
public readonly struct StackIf<TCondition, TThen, TElse> : IStack<StackIf<TCondition, TThen, TElse>>
    where TCondition : struct, ICondition
    where TThen : struct, IStack<TThen>
    where TElse : struct, IStack<TElse>
{
    private readonly Chosen<TCondition, TThen, TElse> _stack;

    private StackIf(Chosen<TCondition, TThen, TElse> stack) => _stack = stack;

    /// <inheritdoc/>
    public static Impl<StackIf<TCondition, TThen, TElse>> Impl =>
        Chosen<TCondition, TThen, TElse>.Impl.Map(static stack => new StackIf<TCondition, TThen, TElse>(stack));

    /// <inheritdoc/>
    public static string Group => TThen.Group;

    /// <inheritdoc/>
    public static IReadOnlyList<Cidr> Addresses(StackIf<TCondition, TThen, TElse> stack) =>
        stack._stack.Holds ? TThen.Addresses(stack._stack.Then) : TElse.Addresses(stack._stack.Else);

    /// <inheritdoc/>
    public static ValueTask<Either<TcpError, IFlow>> Connect(
        StackIf<TCondition, TThen, TElse> tcp, Endpoint remote, CancellationToken cancellation = default) =>
        tcp._stack.Holds
            ? TThen.Connect(tcp._stack.Then, remote, cancellation)
            : TElse.Connect(tcp._stack.Else, remote, cancellation);

    /// <inheritdoc/>
    public static ValueTask<Either<TcpError, IFlow>> Connect(
        StackIf<TCondition, TThen, TElse> tcp, Endpoint remote, FlowOptions options,
        CancellationToken cancellation = default) =>
        tcp._stack.Holds
            ? TThen.Connect(tcp._stack.Then, remote, options, cancellation)
            : TElse.Connect(tcp._stack.Else, remote, options, cancellation);

    /// <inheritdoc/>
    public static Either<TcpError, IListener> Listen(
        StackIf<TCondition, TThen, TElse> tcp, ushort port, ListenOptions options = default) =>
        tcp._stack.Holds
            ? TThen.Listen(tcp._stack.Then, port, options)
            : TElse.Listen(tcp._stack.Else, port, options);

    /// <inheritdoc/>
    public static Either<UdpError, UdpPort> Bind<THandler>(
        StackIf<TCondition, TThen, TElse> udp, ushort port, THandler handler, BindOptions options = default)
        where THandler : struct, IDatagramHandler =>
        udp._stack.Holds
            ? TThen.Bind(udp._stack.Then, port, handler, options)
            : TElse.Bind(udp._stack.Else, port, handler, options);

    /// <inheritdoc/>
    public static Either<UdpError, Unit> Write(
        StackIf<TCondition, TThen, TElse> udp, UdpPort source, Endpoint destination, ReadOnlySequence<byte> payload) =>
        udp._stack.Holds
            ? TThen.Write(udp._stack.Then, source, destination, payload)
            : TElse.Write(udp._stack.Else, source, destination, payload);

    /// <inheritdoc/>
    public static Either<UdpError, Unit> WriteSegments(
        StackIf<TCondition, TThen, TElse> udp, UdpPort source, Endpoint destination, ReadOnlySequence<byte> payload,
        int segmentSize) =>
        udp._stack.Holds
            ? TThen.WriteSegments(udp._stack.Then, source, destination, payload, segmentSize)
            : TElse.WriteSegments(udp._stack.Else, source, destination, payload, segmentSize);

    /// <inheritdoc/>
    public static Either<UdpError, Unit> Join(
        StackIf<TCondition, TThen, TElse> udp, UdpPort port, IpAddress group) =>
        udp._stack.Holds
            ? TThen.Join(udp._stack.Then, port, group)
            : TElse.Join(udp._stack.Else, port, group);

    /// <inheritdoc/>
    public static void Leave(StackIf<TCondition, TThen, TElse> udp, UdpPort port, IpAddress group)
    {
        if (udp._stack.Holds)
            TThen.Leave(udp._stack.Then, port, group);
        else
            TElse.Leave(udp._stack.Else, port, group);
    }
}
