using FsCheck.Xunit;

namespace Mirage.Net.Tests;

public sealed class TcpHeaderTests
{
    [Property]
    [Trait("Conforms", "RFC 9293 section 3.1")]
    public void AnyHeader_EmittedAndParsed_IsTheSame(
        (ushort Source, ushort Destination, uint Seq, uint Ack, TcpFlags Flags, ushort Window, ushort Urgent) fields,
        ushort? mss, byte? scale, bool sack, (uint Value, uint Echo)? timestamps)
    {
        var header = new TcpHeader(
            fields.Source, fields.Destination, fields.Seq, fields.Ack, fields.Flags, fields.Window)
        {
            UrgentPointer = fields.Urgent,
            Options = new()
            {
                MaximumSegmentSize = mss,
                WindowScale = scale,
                SackPermitted = sack,
                Timestamps = timestamps is { } clock ? new(clock.Value, clock.Echo) : null,
            },
        };
        var image = new byte[header.Size];
        header.Emit(image);

        Assert.Equal(ParseStatus.Ok, TcpHeader.Parse(image, out var parsed));
        Assert.Equal(header, parsed);
        Assert.Equal(image.Length, TcpHeader.LengthOf(image));
    }

    /// <summary>What is read can be written, and what is written is read as the same: options unknown are all that is
    /// lost.</summary>
    [Property(MaxTest = 2000)]
    [Trait("Behaviour", "117")]
    public void AnyBytes_Parsed_AreAcceptedOrRefused(byte[] bytes, byte offset)
    {
        if (bytes.Length > 12)
            bytes[12] = offset;
        var status = TcpHeader.Parse(bytes, out var header);
        var length = TcpHeader.LengthOf(bytes);
        Assert.Equal(bytes.Length >= 20 && length >= 20 && length <= bytes.Length, status is ParseStatus.Ok);
        if (status is not ParseStatus.Ok)
            return;

        var image = new byte[header.Size];
        header.Emit(image);
        Assert.Equal(ParseStatus.Ok, TcpHeader.Parse(image, out var again));
        Assert.Equal(header, again);
        Assert.True(header.Size <= length, "No option is invented.");
    }

    [Theory]
    [InlineData(0, ParseStatus.TooShort)]
    [InlineData(19, ParseStatus.TooShort)]
    [InlineData(20, ParseStatus.Ok)]
    public void Length_BelowTheFixedHeader_IsTooShort(int length, ParseStatus expected)
    {
        var image = new byte[length];
        if (length > 12)
            image[12] = 5 << 4;
        Assert.Equal(expected, TcpHeader.Parse(image, out _));
    }

    [Theory]
    [InlineData(0, ParseStatus.Malformed)]
    [InlineData(4, ParseStatus.Malformed)]
    [InlineData(5, ParseStatus.Ok)]
    [InlineData(10, ParseStatus.Ok)]
    [InlineData(11, ParseStatus.TooShort)]
    [InlineData(15, ParseStatus.TooShort)]
    public void DataOffset_OutsideOfTheSegment_IsRefused(int words, ParseStatus expected)
    {
        var image = new byte[40];
        image[12] = (byte)(words << 4);
        Assert.Equal(expected, TcpHeader.Parse(image, out _));
        Assert.Equal(expected, TcpSegment.Parse(image, out var segment));
        Assert.Equal(expected is ParseStatus.Ok ? 40 - (words * 4) : 0, segment.Payload.Length);
    }

    [Fact]
    public void ReservedBits_Set_AreIgnored()
    {
        var image = new byte[20];
        image[12] = 0x5E; // The last of the four is AE, RFC 9768 section 3.1.
        Assert.Equal(ParseStatus.Ok, TcpHeader.Parse(image, out var header));
        Assert.Equal(TcpFlags.None, header.Flags);
    }
}
