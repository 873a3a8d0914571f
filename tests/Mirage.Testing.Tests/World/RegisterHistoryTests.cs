using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Mirage.Testing.Tests;

public sealed class RegisterHistoryTests
{
    private readonly RegisterHistory _history = new();

    [Fact]
    public void WriteThenRead_IsARegister()
    {
        Write("a", 0, 1);
        Read("a", 2, 3);
        Assert.Null(_history.Explain());
        Assert.Equal(2, _history.Operations);
    }

    [Fact]
    public void ReadOfNothing_AfterAnAcknowledgedWrite_IsNone()
    {
        Write("a", 0, 1);
        Read(null, 2, 3);
        Assert.Contains("'a'", _history.Explain(), StringComparison.Ordinal);
    }

    [Fact]
    public void ReadOfNothing_WhileTheWriteIsUnderWay_IsARegister()
    {
        Write("a", 0, 5);
        Read(null, 1, 2);
        Read("a", 3, 4);
        Assert.Null(_history.Explain());
    }

    [Fact]
    public void OldValue_ReadAfterTheNew_IsNone()
    {
        Write("a", 0, 1);
        Write("b", 2, 9);
        Read("b", 3, 4);
        Read("a", 5, 6);
        Read("b", 7, 8);
        Assert.Contains("were both there", _history.Explain(), StringComparison.Ordinal);
    }

    [Fact]
    public void OverwrittenWhileTheOldIsReadBeforeAndAfter_IsNone()
    {
        Write("a", 0, 1);
        Write("b", 2, 3);
        Read("a", 4, 5);
        Assert.Contains("'b' was acknowledged or read while 'a'", _history.Explain(), StringComparison.Ordinal);
    }

    [Fact]
    public void WriteWithoutAnswer_SeenOrNot_IsARegister()
    {
        _history.BeginWrite("lost", At(0));
        Write("a", 1, 2);
        Read("a", 3, 4);
        _history.BeginWrite("late", At(5));
        Read("late", 9, 10);
        Assert.Null(_history.Explain());
    }

    [Fact]
    public void ValueOfNobody_IsNone()
    {
        Read("x", 0, 1);
        Assert.Equal("'x' was read and never written", _history.Explain());
    }

    [Fact]
    public void ValueReadBeforeItsWrite_IsNone()
    {
        Read("a", 0, 1);
        Write("a", 2, 3);
        Assert.Equal("'a' was read before it was written", _history.Explain());
    }

    [Fact]
    public void ValueWrittenTwice_Throws()
    {
        Write("a", 0, 1);
        Assert.Throws<ArgumentException>(() => _history.BeginWrite("a", At(2)));
        Assert.ThrowsAny<ArgumentException>(() => _history.BeginWrite("", At(2)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void EndOfAWriteOfNothing_Throws(string? value) =>
        Assert.ThrowsAny<ArgumentException>(() => _history.EndWrite(value!, At(1)));

    [Fact]
    public void EndOfAWriteThatDidNotBegin_Throws()
    {
        Read("a", 0, 1);
        var error = Assert.Throws<ArgumentException>(() => _history.EndWrite("a", At(2)));
        Assert.StartsWith("The write of 'a' did not begin.", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => _history.EndWrite("b", At(2)));
    }

    [Fact]
    public void EndOfAWriteBeforeItsBeginning_Throws()
    {
        _history.BeginWrite("a", At(5));
        var error = Assert.Throws<ArgumentException>(() => _history.EndWrite("a", At(2)));
        Assert.Contains("after 00:00:02", error.Message, StringComparison.Ordinal);
        _history.EndWrite("a", At(5));
        Assert.Null(_history.Explain());
    }

    [Fact]
    public void ReadThatEndsBeforeItBegins_Throws()
    {
        Assert.Throws<ArgumentException>(() => Read("a", 9, 5));
        Assert.Equal(0, _history.Operations);
    }

    // The judge is a search of all orders, which small histories allow.
    [Property(MaxTest = 2000)]
    public Property SmallHistory_Verdict_IsThatOfASearchOfAllOrders() => Prop.ForAll(
        Operation.ArrayOf().Resize(6).ToArbitrary(), given =>
        {
            var operations = given.Take(6).ToList();
            var history = new RegisterHistory();
            var written = new HashSet<int>();
            var kept = operations.Where(it => !it.IsWrite || written.Add(it.Value)).ToList();
            foreach (var (isWrite, value, began, ended) in kept)
            {
                if (!isWrite)
                {
                    history.Read(value == 0 ? null : Name(value), At(began), At(ended));
                    continue;
                }

                history.BeginWrite(Name(value), At(began));
                if (ended < Never)
                    history.EndWrite(Name(value), At(ended));
            }

            Assert.Equal(Linearizes(kept, 0, 0), history.Explain() is null);
        });

    private const int Never = 1000;

    // No end is at the time of a beginning, so that 'before' needs no ruling: beginnings are even and ends odd.
    private static Gen<(bool IsWrite, int Value, int Began, int Ended)> Operation =>
        from isWrite in Gen.Elements(true, false)
        from value in Gen.Choose(isWrite ? 1 : 0, 4)
        from began in Gen.Choose(0, 12)
        from length in Gen.Choose(1, 6)
        from isAnswered in Gen.Frequency((4, Gen.Constant(true)), (1, Gen.Constant(false)))
        select (isWrite, value, began * 2, isWrite && !isAnswered ? Never : ((began + length) * 2) + 1);

    private static bool Linearizes(List<(bool IsWrite, int Value, int Began, int Ended)> left, int value, int depth)
    {
        if (left.TrueForAll(static it => it is { IsWrite: true, Ended: Never }))
            return true;
        var firstEnd = left.Min(static it => it.Ended);
        foreach (var next in left)
        {
            if (next.Began > firstEnd || (!next.IsWrite && next.Value != value))
                continue;
            var rest = left.ToList();
            rest.Remove(next);
            if (Linearizes(rest, next.IsWrite ? next.Value : value, depth + 1))
                return true;
        }

        return false;
    }

    private static string Name(int value) => $"v{value}";

    private static TimeSpan At(int time) => TimeSpan.FromSeconds(time);

    private void Write(string value, int began, int ended)
    {
        _history.BeginWrite(value, At(began));
        _history.EndWrite(value, At(ended));
    }

    private void Read(string? value, int began, int ended) => _history.Read(value, At(began), At(ended));
}
