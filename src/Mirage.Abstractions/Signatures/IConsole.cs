namespace Mirage;

/// <summary>Lines of text for whoever watches the unikernel: the <c>log</c> of MirageOS's CONSOLE.</summary>
/// <typeparam name="TSelf">The type that implements the signature.</typeparam>
public interface IConsole<TSelf> : IDevice<TSelf> where TSelf : struct, IConsole<TSelf>
{
    /// <summary>Shows <paramref name="line"/> and ends it. Lines come out whole and in order.</summary>
    static abstract void WriteLine(TSelf console, string line);
}
