namespace Mirage.Interop;

/// <summary>What an application sees, in words that both stacks share.</summary>
internal static class StageText
{
    public static string Of(TcpError error) => error switch
    {
        TcpError.Refused => "refused",
        TcpError.Reset => "reset",
        TcpError.Timeout => "timeout",
        TcpError.Unreachable => "unreachable",
        TcpError.Closed => "closed",
        _ => error.ToString(),
    };

    // A socket of Linux in TIME-WAIT says that it is closed: what waits is not the socket any more.
    public static string Of(TcpState state) =>
        state is TcpState.TimeWait ? nameof(TcpState.Closed) : state.ToString();

    public static string Read(int length, bool isRight, string end)
    {
        var bytes = length == 0 ? "" : $"{length} bytes{(isRight ? "" : " that are wrong")}";
        return (bytes, end) switch
        {
            ("", "") => "nothing",
            ("", _) => end,
            (_, "") => bytes,
            _ => $"{bytes}, {end}",
        };
    }
}
