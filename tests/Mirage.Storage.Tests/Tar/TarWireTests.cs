using System.Text;
using FsCheck.Xunit;
using Mirage.Testing;

namespace Mirage.Storage.Tests;

public sealed class TarWireTests
{
    [Property]
    public void TarNumber_Emitted_IsReadAsItself(long value)
    {
        var field = new byte[12];
        long[] edges = [long.MaxValue, long.MinValue, 0, -1, 1L << 33, (1L << 33) - 1];
        foreach (var number in (long[])[value, value << 30, .. edges])
        {
            TarNumber.Emit(number, field);
            Assert.True(TarNumber.TryParse(field, out var read));
            Assert.Equal(number, read);
        }
    }

    [Theory]
    [InlineData("0000644\0", 420)]
    [InlineData("    644 ", 420)]
    [InlineData("644 junk", 420)]
    [InlineData("\0\0\0\0\0\0\0\0", 0)]
    [InlineData("        ", 0)]
    [InlineData("77777777", 16777215)]
    public void TarNumber_OfOctalDigits_IsRead(string field, long value)
    {
        Assert.True(TarNumber.TryParse(Encoding.ASCII.GetBytes(field), out var read));
        Assert.Equal(value, read);
    }

    [Theory]
    [InlineData("303030383030")] // An 8 is no octal digit.
    [InlineData("2D3100000000")] // Nor is a sign.
    [InlineData("80FFFFFFFFFFFFFFFFFFFFFF")] // 2^88 - 1.
    [InlineData("C00000000000000000000000")]
    [InlineData("800000008000000000000000")] // 2^63.
    [InlineData("373737373737373737373737373737373737373737373737")]
    public void TarNumber_ThatIsNone_IsRefused(string field) =>
        Assert.False(TarNumber.TryParse(Convert.FromHexString(field), out _));

    [Property]
    public void TarHeader_Emitted_IsReadAsItself(byte type, ushort length, int depth, long size, long modified)
    {
        var name = new string('n', 1 + (length % 100));
        for (var level = 0; level < Math.Abs(depth % 4); level++)
            name = $"dir{level}/{name}";
        var header = new TarHeader(name, (TarType)type, size & long.MaxValue, modified, "target");
        var block = KvSamples.Bytes(512, 1);
        header.Emit(block);
        Assert.True(TarHeader.CanHold(name));
        Assert.Null(TarHeader.Parse(block, out var read));
        Assert.Equal(header, read);
    }

    [Fact]
    public void TarHeader_OfLongNames_HoldsWhatThePrefixCanTake()
    {
        var (hundred, most) = (new string('n', 100), new string('p', 155));
        Assert.True(TarHeader.CanHold(hundred));
        Assert.True(TarHeader.CanHold($"{most}/{hundred}"));
        Assert.False(TarHeader.CanHold($"p{most}/{hundred}"));
        Assert.False(TarHeader.CanHold($"{most}/n{hundred}"));
        Assert.False(TarHeader.CanHold(hundred + "n"));
        Assert.False(TarHeader.CanHold("é"));
        foreach (var name in (string[])[hundred, $"{most}/{hundred}", $"p/{hundred}"])
        {
            var block = new byte[512];
            new TarHeader(name, TarType.File, 1, 2, "").Emit(block);
            Assert.Null(TarHeader.Parse(block, out var read));
            Assert.Equal(name, read.Name);
        }
    }

    [Fact]
    public void TarHeader_WithASumOfSignedBytes_IsRead()
    {
        var block = new byte[512];
        new TarHeader("n", TarType.File, 1, 2, "").Emit(block);
        block[1] = 0xC3;
        block[2] = 0xA9;
        Assert.NotNull(TarHeader.Parse(block, out _));
        Assert.True(TarNumber.TryParse(block.AsSpan(148, 8), out var sum));
        TarNumber.Emit(sum + (0xC3 - 256) + (0xA9 - 256), block.AsSpan(148, 7));
        Assert.Null(TarHeader.Parse(block, out var read));
        Assert.Equal("né", read.Name);
    }

    // Around lengths that have one digit more.
    [Fact]
    public void PaxRecords_OfPathsOfEveryLength_AreReadAsThemselves()
    {
        for (var length = 1; length < 1100; length++)
        {
            var path = new string('é', length / 2) + new string('p', 1 + (length % 2));
            Assert.Null(PaxRecords.Parse(PaxRecords.EmitPath(path), default, out var records));
            Assert.Equal(path, records.Path);
        }
    }

    [Fact]
    public void PaxRecords_LaterOnes_TakeThePlaceOfEarlierOnes()
    {
        var before = new PaxRecords("global", "link", 7, 8, false);
        Assert.Null(PaxRecords.Parse("11 path=ab\n11 path=cd\n8 size=\n"u8, before, out var records));
        Assert.Equal(new PaxRecords("cd", "link", null, 8, false), records);
    }

    [Theory]
    [InlineData("1000.75", 1000)]
    [InlineData("-1.5", -2)]
    [InlineData("-1.0", -1)]
    [InlineData("-0.5", -1)]
    [InlineData("1e9", null)]
    [InlineData("99999999999999999999", null)]
    public void PaxRecords_OfATime_RoundItDown(string text, int? seconds)
    {
        var record = Encoding.ASCII.GetBytes(TarSamples.Record("mtime", text));
        Assert.Null(PaxRecords.Parse(record, default, out var records));
        Assert.Equal(seconds, records.Modified);
    }

    [Theory]
    [InlineData("0 path=a\n")]
    [InlineData("5 path=a\n")]
    [InlineData("99 path=a\n")]
    [InlineData("4294967305 path=a\n")]
    [InlineData("-9 path=a\n")]
    [InlineData("+9 path=a\n")]
    [InlineData(" path=a\n")]
    [InlineData("path=a\n")]
    [InlineData("10 path=abc\n")]
    [InlineData("8 path\n\n")]
    [InlineData("5 =a\n")]
    [InlineData("11 size=-1\n")]
    [InlineData("29 size=99999999999999999999\n")]
    public void PaxRecords_ThatLie_AreRefused(string records) =>
        Assert.NotNull(PaxRecords.Parse(Encoding.ASCII.GetBytes(records), default, out _));

    [Property]
    public void AnyBytes_Parsed_AreRefusedOrReadWithoutAnException(byte[] bytes, ushort length)
    {
        _ = PaxRecords.Parse(bytes, default, out _);
        _ = TarNumber.TryParse(bytes, out _);
        var block = new byte[Math.Min(1024, (int)length)];
        bytes.AsSpan(0, Math.Min(bytes.Length, block.Length)).CopyTo(block);
        _ = TarHeader.Parse(block, out _);
    }
}
