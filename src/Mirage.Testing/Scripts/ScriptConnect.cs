namespace Mirage.Testing;

/// <summary>A connection that the application of the stack under test is opening.</summary>
public sealed class ScriptConnect
{
    private readonly PacketScript _script;
    private readonly Task<LanguageExt.Either<TcpError, IFlow>> _connecting;

    internal ScriptConnect(PacketScript script, Task<LanguageExt.Either<TcpError, IFlow>> connecting) =>
        (_script, _connecting) = (script, connecting);

    /// <summary>The connection is established.</summary>
    public async Task<ScriptFlow> Established(When when = default) =>
        new(_script, _script.Right(await _script.Limit(_connecting, when, "is connected"), "connects"));

    /// <summary>The connection cannot be opened; gives why.</summary>
    public async Task<TcpError> Failed(When when = default)
    {
        var outcome = await _script.Limit(_connecting, when, "sees its connection fail");
        return outcome.Match<TcpError>(
            _ => throw _script.Failure("The application is connected, and an error was expected.", []),
            error => error);
    }
}
