using System.Net;
using System.Net.Sockets;
using Mirage.Testing;

namespace Mirage.Interop;

/// <summary>What a script's application does, on sockets of the kernel that never wait.</summary>
internal sealed class KernelApplication(ushort port, IPEndPoint peer) : IDisposable
{
    private const int LevelTcp = 6, InformationOption = 11, UserTimeoutOption = 18;

    // The states of net/tcp_states.h, from 1 on.
    private static readonly TcpState[] s_states =
    [
        TcpState.Established, TcpState.SynSent, TcpState.SynReceived, TcpState.FinWait1, TcpState.FinWait2,
        TcpState.TimeWait, TcpState.Closed, TcpState.CloseWait, TcpState.LastAck, TcpState.Closed, TcpState.Closing,
    ];

    private Socket? _listener;
    private Socket? _flow;
    private int _read;
    private int _written;

    public string Listen(FlowOptions options)
    {
        _listener = Make();
        Set(_listener, options);
        _listener.Bind(new IPEndPoint(IPAddress.Any, port));
        _listener.Listen(16);
        return "";
    }

    public string Connect()
    {
        _flow = Make();
        try
        {
            _flow.Connect(peer);
        }
        catch (SocketException pending) when (pending.SocketErrorCode is SocketError.WouldBlock)
        {
        }

        return "";
    }

    public string Connected()
    {
        if (!_flow!.Poll(0, SelectMode.SelectWrite) && !_flow.Poll(0, SelectMode.SelectError))
            return "not yet";
        var error = (SocketError)_flow.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
        return error is SocketError.Success ? "connected" : Text(error);
    }

    public string Accept()
    {
        try
        {
            _flow = _listener!.Accept();
        }
        catch (SocketException nobody) when (nobody.SocketErrorCode is SocketError.WouldBlock)
        {
            return "nobody";
        }

        _flow.Blocking = false;
        _flow.NoDelay = true;
        return "accepted";
    }

    public string Read()
    {
        var (length, isRight, buffer) = (0, true, new byte[65536]);
        while (true)
        {
            var count = _flow!.Receive(buffer, SocketFlags.None, out var error);
            if (error is SocketError.WouldBlock)
                return StageText.Read(length, isRight, "");
            if (error is not SocketError.Success)
                return StageText.Read(length, isRight, Text(error));
            if (count == 0)
                return StageText.Read(length, isRight, "the end");
            var expected = new byte[count];
            StreamPattern.Fill(expected, 1 + _read);
            isRight &= expected.AsSpan().SequenceEqual(buffer.AsSpan(0, count));
            _read += count;
            length += count;
        }
    }

    public string Write(int length)
    {
        var bytes = new byte[length];
        StreamPattern.Fill(bytes, 1 + _written);
        _written += length;
        _flow!.Send(bytes, SocketFlags.None, out var error);
        return error is SocketError.Success ? "" : Text(error);
    }

    public string Close()
    {
        _flow!.Shutdown(SocketShutdown.Send);
        return "";
    }

    public string DisposeFlow()
    {
        _flow!.Dispose();
        return "";
    }

    public string Abort()
    {
        _flow!.LingerState = new(true, 0);
        _flow.Dispose();
        return "";
    }

    public string State()
    {
        Span<byte> information = stackalloc byte[8];
        _flow!.GetRawSocketOption(LevelTcp, InformationOption, information);
        return StageText.Of(s_states[information[0] - 1]);
    }

    public void Dispose()
    {
        _flow?.Dispose();
        _listener?.Dispose();
    }

    private static Socket Make() =>
        new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false, NoDelay = true };

    private static void Set(Socket socket, FlowOptions options)
    {
        if (options.ReceiveBuffer > 0)
            socket.ReceiveBufferSize = options.ReceiveBuffer;
        if (options.UserTimeout is { } limit)
            socket.SetRawSocketOption(LevelTcp, UserTimeoutOption, BitConverter.GetBytes((int)limit.TotalMilliseconds));
        if (options.KeepAlive is not { } idle)
            return;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        Set(SocketOptionName.TcpKeepAliveTime, (int)idle.TotalSeconds);
        Set(SocketOptionName.TcpKeepAliveInterval, (int)options.KeepAliveInterval.TotalSeconds);
        Set(SocketOptionName.TcpKeepAliveRetryCount, options.KeepAliveCount);

        void Set(SocketOptionName name, int value) => socket.SetSocketOption(SocketOptionLevel.Tcp, name, value);
    }

    private static string Text(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "refused",
        SocketError.ConnectionReset => "reset",
        SocketError.TimedOut => "timeout",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => "unreachable",
        SocketError.Shutdown => "closed",
        _ => error.ToString(),
    };
}
