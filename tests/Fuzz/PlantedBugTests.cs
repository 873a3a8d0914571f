using Mirage.Testing;

namespace Mirage.Fuzz;

/// <summary>Bugs that were put into a toy parser are found, shrunk and reported.</summary>
public sealed class PlantedBugTests
{
    [Fact]
    public void ParserThatTrustsALength_IsFoundAndShrunk()
    {
        var find = new FuzzLoop(new Toy(ToyBug.TrustsLength), seed: 1, []).Run(20_000);
        Assert.NotNull(find);
        Assert.IsType<ArgumentOutOfRangeException>(find.Error);
        Assert.Equal([0x54, 0x01], find.Input[..2]); // The mark, and a length of which nothing is there.
        Assert.Equal(2, find.Input.Length);
        Assert.Contains("replay: ./fuzz toy --replay", find.ToString(), StringComparison.Ordinal);
        Assert.Contains("of seed 1", find.Origin, StringComparison.Ordinal);
        Assert.NotNull(FuzzLoop.Try(new Toy(ToyBug.TrustsLength), find.Input));
        Assert.Null(FuzzLoop.Try(new Toy(ToyBug.None), find.Input));
    }

    [Fact]
    public void ParserThatNeverEnds_IsFoundWithinTheLimit()
    {
        var loop = new FuzzLoop(new Toy(ToyBug.NeverEnds), seed: 1, []) { InputLimit = TimeSpan.FromMilliseconds(300) };
        var find = loop.Run(20_000);
        Assert.IsType<TimeoutException>(find?.Error);
        Assert.Equal(Toy.Mark, find.Input[0]);
    }

    [Fact]
    public void ParserThatAllocatesWhatItIsTold_IsFound()
    {
        var find = new FuzzLoop(new Toy(ToyBug.Allocates), seed: 1, []).Run(20_000);
        Assert.IsType<OracleException>(find?.Error);
        Assert.Contains("bytes were allocated", find.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ParserWithoutABug_BearsEverything() =>
        Assert.Null(new FuzzLoop(new Toy(ToyBug.None), seed: 1, []).Run(20_000));

    [Fact]
    public void CommandLine_UnknownTarget_IsRefusedWithTheUsage()
    {
        using var output = new StringWriter();
        Assert.Equal(64, FuzzCommand.Run(["no-such-target"], output));
        Assert.Contains("usage: ./fuzz NAME", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void CommandLine_List_NamesEveryTarget()
    {
        using var output = new StringWriter();
        Assert.Equal(0, FuzzCommand.Run(["--list"], output));
        Assert.Equal(FuzzTargets.All.Select(target => target.Name), output.ToString().Split('\n')[..^1]);
    }

    private enum ToyBug { None, TrustsLength, NeverEnds, Allocates }

    /// <summary>Reads a mark, a length and that many bytes.</summary>
    private sealed class Toy(ToyBug bug) : FuzzTarget("toy")
    {
        public const byte Mark = 0x54;

        public override byte[] Generate(SplitMix64 random)
        {
            var length = 1 + random.Next(20);
            return [Mark, (byte)length, .. new byte[length]];
        }

        public override void Run(ReadOnlySpan<byte> input)
        {
            if (input.Length < 2 || input[0] != Mark)
                return;
            var length = input[1];
            if (bug is not ToyBug.TrustsLength && length > input.Length - 2)
            {
                if (bug is ToyBug.Allocates)
                    GC.KeepAlive(new byte[length << 16]);
                while (bug is ToyBug.NeverEnds)
                    Thread.Yield();
                return;
            }

            Oracle.Same(length, input.Slice(2, length).Length, "A length is that of what follows.");
        }
    }
}
