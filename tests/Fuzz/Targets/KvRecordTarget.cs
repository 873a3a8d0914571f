using System.Buffers.Binary;
using System.Numerics;
using Mirage.Testing;

namespace Mirage.Fuzz;

/// <summary>What lies on the disk of the sample KvServer: a record is read whole or not at all.</summary>
/// <remarks>Input: a byte that says whether the sum is made right, and the sectors.</remarks>
internal sealed class KvRecordTarget() : FuzzTarget("kv-record")
{
    private const uint Salt = 7;
    private const int SectorSize = 512, HeaderSize = 20;

    public override IReadOnlyList<string> Reaches => ["accepted", "refused"];

    public override byte[] Generate(SplitMix64 random)
    {
        var record = new LogRecord(random.Next(), new('k', random.Next(40)), new('v', random.Next(600)));
        return [(byte)random.Next(2), .. Image(record)];
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
            return;
        var sectors = input[1..].ToArray();
        if ((input[0] & 1) != 0)
            Mend(sectors);
        var isRead = LogRecord.TryParse(sectors, Salt, out var record, out _);
        Reach(isRead ? "accepted" : "refused");
        if (!isRead)
            return;
        Oracle.That(!LogRecord.TryParse(sectors, Salt + 1, out _, out _), "A record of another log is none.");
        if ((record.Key + record.Value).Contains('\uFFFD', StringComparison.Ordinal))
            return; // Bytes that are no UTF-8: a server writes none.
        Oracle.That(LogRecord.TryParse(Image(record), Salt, out var again, out _), "What is written is read.");
        Oracle.Same(record, again, "What is written is read as the same record.");
    }

    private static byte[] Image(LogRecord record)
    {
        var sectors = new byte[record.Sectors(SectorSize) * SectorSize];
        record.Emit(sectors, Salt);
        return sectors;
    }

    private static void Mend(Span<byte> sectors)
    {
        if (sectors.Length < HeaderSize)
            return;
        var sum = Salt;
        var size = Math.Clamp(BinaryPrimitives.ReadInt32LittleEndian(sectors[4..]), 4, sectors.Length);
        foreach (var value in sectors[4..size])
            sum = BitOperations.Crc32C(sum, value);
        BinaryPrimitives.WriteUInt32LittleEndian(sectors, sum);
    }
}
