namespace Mirage.Net;

/// <summary>How a <see cref="UdpSocket{TUdp}"/> is opened. <c>default</c> is right for most.</summary>
public readonly record struct UdpSocketOptions
{
    /// <summary>What the socket's port takes.</summary>
    public BindOptions Bind { get; init; }

    /// <summary>Bytes of datagrams that wait to be received, beside which new ones are dropped; 0 stands for
    /// 256 KiB.</summary>
    public int ReceiveBytesMax { get; init; }

    /// <summary>Datagrams that wait to be received, beside which new ones are dropped; 0 stands for 1024.</summary>
    public int ReceiveDatagramsMax { get; init; }
}
