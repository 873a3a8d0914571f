using FsCheck.Xunit;
using Mirage.Testing;

namespace Mirage.Storage.Tests;

public sealed class PartitionWireTests
{
    // Check value of CRC-32/ISO-HDLC: the sum of the digits 1 to 9.
    [Fact]
    public void Crc32_OfTheCheckText_IsTheCheckValue() => Assert.Equal(0xCBF43926, Crc32.Of("123456789"u8));

    [Property]
    public void MbrEntry_Emitted_IsReadAsItself(bool isActive, byte type, uint first, uint count)
    {
        var entry = type == 0 ? default : new MbrEntry(isActive, type, first, count);
        var bytes = new byte[MbrEntry.Size];
        entry.Emit(bytes);
        Assert.True(MbrEntry.TryParse(bytes, out var read));
        Assert.Equal(entry, read);
    }

    // UEFI 2.10 table 5-4: sector 1 is cylinder 0, head 0, sector 2; what cannot be said is all ones.
    [Fact]
    public void MbrEntry_OfAProtectiveRecord_HasThePlacesOfTheSpecification()
    {
        var bytes = new byte[MbrEntry.Size];
        new MbrEntry(false, MbrEntry.Protective, 1, uint.MaxValue).Emit(bytes);
        Assert.Equal("00000200EEFFFFFF01000000FFFFFFFF", Convert.ToHexString(bytes));
    }

    [Property]
    public void MbrTable_Emitted_IsReadAsItselfAndLeavesTheProgram(uint signature, byte type, uint first, uint count)
    {
        var table = MbrTable.Of(signature, [default, new MbrEntry(true, Math.Max((byte)1, type), first, count)]);
        var bytes = KvSamples.Bytes(MbrTable.Size, 1);
        table.Emit(bytes);
        Assert.True(MbrTable.TryParse(bytes, out var read));
        Assert.Equal(table, read);
        Assert.Equal(KvSamples.Bytes(MbrTable.Size, 1)[..440], bytes[..440]);
    }

    [Property]
    public void GptHeader_Emitted_IsReadAsItself(long my, long other, Guid id, uint count, uint size, uint crc)
    {
        var header = new GptHeader(my, other, 34, -1, id, 2, count, size, crc);
        var bytes = KvSamples.Bytes(4096, 1);
        header.Emit(bytes);
        Assert.Null(GptHeader.Parse(bytes, out var read));
        Assert.Equal(header, read);
    }

    [Property]
    public void GptEntry_Emitted_IsReadAsItself(Guid type, Guid id, long first, long last, ulong bits, string? text)
    {
        var name = (text ?? "").Replace("\0", "", StringComparison.Ordinal);
        var entry = new GptEntry(type, id, first, last, bits, name[..Math.Min(name.Length, GptEntry.NameMax)]);
        var bytes = new byte[GptEntry.Size];
        entry.Emit(bytes);
        Assert.True(GptEntry.TryParse(bytes, out var read));
        Assert.Equal(entry, read);
    }

    [Property]
    public void AnyBytes_Parsed_AreRefusedOrReadWithoutAnException(byte[] bytes)
    {
        _ = MbrEntry.TryParse(bytes, out _);
        _ = GptEntry.TryParse(bytes, out _);
        Assert.NotNull(GptHeader.Parse(bytes, out _));
        Assert.False(MbrTable.TryParse(bytes, out _));
    }
}
