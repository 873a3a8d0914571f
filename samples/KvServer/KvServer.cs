using LanguageExt;
using static Mirage.Impl;

/// <summary>Values by key over TCP, durable on a disk. A line is a request: <c>GET key</c> gives <c>VALUE value</c> or
/// <c>NONE</c>, <c>SET key value</c> gives <c>OK</c>, and what is neither gives <c>ERROR reason</c>. So does a line
/// that is too long, and it is the last.</summary>
internal readonly struct KvServer<TStack, TBlock> : IUnikernel<KvServer<TStack, TBlock>>
    where TStack : struct, IStack<TStack>
    where TBlock : struct, IBlock<TBlock>
{
    private const int Backlog = 64;

    private static readonly Key<ushort> s_port = Key.Optional("port", (ushort)7000, "The port that is served.");

    private readonly Core _core;

    private KvServer(Core core) => _core = core;

    /// <inheritdoc/>
    public static Impl<KvServer<TStack, TBlock>> Impl =>
        (Of<TStack>(), Of<TBlock>(), Of<HostRandom>(), s_port).Apply(Open).Connect();

    /// <inheritdoc/>
    public static async ValueTask Start(KvServer<TStack, TBlock> unikernel, CancellationToken stop)
    {
        await using (unikernel._core.Listener)
            await Serve(unikernel._core, stop);
    }

    private static async ValueTask<Either<ConnectError, KvServer<TStack, TBlock>>> Open(
        TStack stack, TBlock block, HostRandom random, ushort port)
    {
        var salt = new byte[sizeof(uint)];
        HostRandom.Fill(random, salt);
        var store = await LogStore<TBlock>.Open(block, BitConverter.ToUInt32(salt));
        return
            from log in store.Advise("give it a disk that can be read and written")
            from listener in TStack.Listen(stack, port, new() { Backlog = Backlog }).Advise("choose another --port")
            select new KvServer<TStack, TBlock>(new Core(log, listener));
    }

    private static async Task Serve(Core core, CancellationToken stop)
    {
        try
        {
            while ((await core.Listener.Accept(stop)).Case is IFlow flow)
                _ = new KvConnection<TBlock>(flow, core.Store).Run();
        }
        catch (OperationCanceledException)
        {
            // Asked to stop.
        }
    }

    private sealed record Core(LogStore<TBlock> Store, IListener Listener);
}
