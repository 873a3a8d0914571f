namespace Mirage.Net.Tests;

/// <summary>What answers a segment.</summary>
internal enum GridReply
{
    None,

    /// <summary>&lt;SEQ=SND.NXT&gt;&lt;ACK=RCV.NXT&gt;&lt;CTL=ACK&gt;, at once.</summary>
    Ack,

    /// <summary>The same, at once or within half a second: RFC 9293 section 3.8.6.3.</summary>
    AckByAndBy,

    /// <summary>SYN and ACK once more, or for the first time.</summary>
    SynAck,

    /// <summary>&lt;SEQ=SEG.ACK&gt;&lt;CTL=RST&gt;.</summary>
    Reset,

    /// <summary>&lt;SEQ=0&gt;&lt;ACK=SEG.SEQ+SEG.LEN&gt;&lt;CTL=RST,ACK&gt;.</summary>
    ResetAck,
}
