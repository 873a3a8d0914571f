namespace Mirage.Unix.Tests;

/// <summary>Two stacks that reach each other, or one that reaches itself, and how a test waits for them.</summary>
/// <typeparam name="TStack">The stack that is tested.</typeparam>
/// <param name="Client">The one that connects.</param>
/// <param name="Server">The one that listens.</param>
/// <param name="Settle">Completes when nothing is under way between the two any more.</param>
public sealed record StackEnds<TStack>(TStack Client, TStack Server, Func<Task> Settle)
    where TStack : struct, IStack<TStack>
{
    public IListener Listen(ushort port = 0, ListenOptions options = default) =>
        SocketPair.Right(TStack.Listen(Server, port, options));

    public async Task<IFlow> Connect(IListener listener) =>
        SocketPair.Right(await TStack.Connect(Client, listener.Reachable));

    /// <summary>An established connection, both ends of it.</summary>
    public async Task<(IFlow Client, IFlow Server)> Establish()
    {
        await using var listener = Listen();
        var client = await Connect(listener);
        return (client, SocketPair.Right(await listener.Accept()));
    }

    /// <summary>An end of the server where nobody listens.</summary>
    public async Task<Endpoint> Free()
    {
        await using var listener = Listen();
        return listener.Reachable;
    }
}
