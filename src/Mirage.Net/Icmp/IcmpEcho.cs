using System.Buffers.Binary;

namespace Mirage.Net;

/// <summary>An echo request or reply, <see href="https://www.rfc-editor.org/rfc/rfc792">RFC 792</see>.</summary>
/// <remarks><code>
///  0          1          2          4            6          8
///  | type 8/0 | code (0) | checksum | identifier | sequence | data …
/// </code>
/// The checksum is not part of the value: it is zero in the image and verified or completed over the whole
/// message.</remarks>
/// <param name="IsReply">Whether it answers.</param>
/// <param name="Identifier">Tells the requests of one sender from another's.</param>
/// <param name="Sequence">Tells requests apart.</param>
public readonly record struct IcmpEcho(bool IsReply, ushort Identifier, ushort Sequence) : IWireFormat<IcmpEcho>
{
    /// <summary>Bytes before the data.</summary>
    public const int FixedSize = IcmpMessage.FixedSize;

    /// <inheritdoc/>
    public int Size => FixedSize;

    /// <inheritdoc/>
    public static ParseStatus Parse(ReadOnlySpan<byte> source, out IcmpEcho value)
    {
        value = default;
        if (IcmpMessage.Parse(source, out var message) is not ParseStatus.Ok)
            return ParseStatus.TooShort;
        if (message is not { Type: IcmpType.Echo or IcmpType.EchoReply, Code: 0 })
            return ParseStatus.Unsupported;

        value = new(message.Type is IcmpType.EchoReply, (ushort)(message.Rest >> 16), (ushort)message.Rest);
        return ParseStatus.Ok;
    }

    /// <inheritdoc/>
    public void Emit(Span<byte> destination) =>
        ToMessage().Emit(destination);

    private IcmpMessage ToMessage() =>
        new(IsReply ? IcmpType.EchoReply : IcmpType.Echo, 0, ((uint)Identifier << 16) | Sequence);

    /// <summary>Writes the image in front of the data that follows it in <paramref name="message"/>, and the checksum
    /// over both.</summary>
    internal void EmitWithChecksum(Span<byte> message)
    {
        Emit(message);
        BinaryPrimitives.WriteUInt16BigEndian(message[IcmpMessage.ChecksumOffset..], InternetChecksum.Compute(message));
    }
}
