namespace Mirage.Net;

/// <summary>What an acknowledgment tells congestion control.</summary>
/// <param name="Bytes">Bytes that it is the first to acknowledge.</param>
/// <param name="IsLimited">Whether the congestion window, and nothing else, held the sender back: otherwise it proves
/// nothing.</param>
/// <param name="IsRepair">Whether it is for bytes which a timeout had sent again.</param>
/// <param name="NowNs">When it arrived.</param>
internal readonly record struct TcpAckSample(int Bytes, bool IsLimited, bool IsRepair, long NowNs);
