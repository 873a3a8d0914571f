namespace Mirage.Testing.Tests;

/// <summary>A unikernel that listens and does nothing.</summary>
public readonly struct Idle<TStack> : IUnikernel<Idle<TStack>> where TStack : struct, IStack<TStack>
{
    private readonly TStack _stack;

    private Idle(TStack stack) => _stack = stack;

    public static Impl<Idle<TStack>> Impl => Mirage.Impl.Of<TStack>().Map(static stack => new Idle<TStack>(stack));

    public static async ValueTask Start(Idle<TStack> unikernel, CancellationToken stop)
    {
        var listener = TStack.Listen(unikernel._stack, 80).Match(
            Left: static error => throw new InvalidOperationException(error.ToString()), Right: static it => it);
        await using (listener)
            await listener.Accept(stop);
    }
}
