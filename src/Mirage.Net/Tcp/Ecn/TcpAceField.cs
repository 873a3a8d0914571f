namespace Mirage.Net;

/// <summary>The three flags AE, CWR and ECE as one number, RFC 9768 section 3.2.2: a counter, or during the handshake
/// the ECN field in which the other end's packet arrived.</summary>
/// <remarks><code>
///   ECN field that arrived    AE CWR ECE     section 3.1.1, table 2, and section 3.2.2.1, table 3
///   not capable                0   1   0
///   ECT(1)                     0   1   1
///   ECT(0)                     1   0   0
///   congestion experienced     1   1   0
/// </code></remarks>
internal static class TcpAceField
{
    /// <summary>The flags: all of them in a SYN that asks for accurate ECN.</summary>
    public const TcpFlags Flags = TcpFlags.Ae | TcpFlags.Cwr | TcpFlags.Ece;

    /// <summary>Numbers less one.</summary>
    public const int Mask = 7;

    public static int Read(TcpFlags flags) =>
        ((flags & TcpFlags.Ae) != 0 ? 4 : 0) | ((flags & TcpFlags.Cwr) != 0 ? 2 : 0)
        | ((flags & TcpFlags.Ece) != 0 ? 1 : 0);

    public static TcpFlags Write(long value) =>
        ((value & 4) != 0 ? TcpFlags.Ae : TcpFlags.None) | ((value & 2) != 0 ? TcpFlags.Cwr : TcpFlags.None)
        | ((value & 1) != 0 ? TcpFlags.Ece : TcpFlags.None);

    /// <summary>The flags that say in which ECN field a SYN, or the answer to one, arrived.</summary>
    public static TcpFlags WriteHandshake(byte field) => Write(field switch { 0 => 2, 1 => 3, 2 => 4, _ => 6 });

    /// <summary>The ECN field that such flags tell; null when they tell none: section 3.1.3 has it that the packet then
    /// arrived as it was sent.</summary>
    public static byte? ReadHandshake(TcpFlags flags) =>
        Read(flags) switch { 2 => 0, 3 => 1, 4 => 2, 6 => 3, _ => null };
}
