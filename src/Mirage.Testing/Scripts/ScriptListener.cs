namespace Mirage.Testing;

/// <summary>A listening port of the stack under test, as its application has it.</summary>
public sealed class ScriptListener : IAsyncDisposable
{
    private readonly PacketScript _script;

    internal ScriptListener(PacketScript script, IListener listener) => (_script, Listener) = (script, listener);

    /// <summary>The listener.</summary>
    public IListener Listener { get; }

    /// <summary>The application accepts a connection.</summary>
    public async Task<ScriptFlow> Accept(When when = default)
    {
        var accepted = await _script.Limit(Listener.Accept().AsTask(), when, "accepts");
        return new(_script, _script.Right(accepted, "accepts"));
    }

    /// <summary>The application listens no longer.</summary>
    public ValueTask DisposeAsync()
    {
        _script.Note("closes the listener");
        return Listener.DisposeAsync();
    }
}
