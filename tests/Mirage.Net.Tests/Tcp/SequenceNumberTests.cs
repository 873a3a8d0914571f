using FsCheck.Xunit;

namespace Mirage.Net.Tests;

[Trait("Conforms", "RFC 9293 section 3.4")]
[Trait("Behaviour", "132")]
public sealed class SequenceNumberTests
{
    [Property]
    public void TwoNumbers_LessThanHalfTheSpaceApart_AreOrdered(uint start, ushort near, int far)
    {
        foreach (var distance in new[] { near, far & int.MaxValue })
        {
            var end = start.Plus(distance);
            Assert.Equal(distance > 0, start.IsBefore(end));
            Assert.Equal(distance > 0, end.IsAfter(start));
            Assert.True(start.IsUpTo(end));
            Assert.Equal(distance, start.DistanceTo(end));
            Assert.Equal(end, SequenceNumber.Later(start, end));
            Assert.Equal(start, SequenceNumber.Earlier(end, start));
        }
    }

    [Theory]
    [Trait("Hostile", "39")]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(10, true)]
    [InlineData(11, false)]
    [InlineData(int.MinValue, false)] // Neither before nor after.
    public void Number_AroundARangeAcrossTheWrap_IsInsideOrNot(int place, bool isInside)
    {
        var first = uint.MaxValue - 3;
        Assert.Equal(isInside, first.Plus(place).IsBetween(first, first.Plus(10)));
        Assert.Equal(place == 0, first.Plus(place).IsBetween(first, first));
    }

    [Fact]
    [Trait("Hostile", "39")]
    public void Numbers_AcrossTheWrap_AreOrdered() => Assert.True(uint.MaxValue.IsBefore(uint.MaxValue.Plus(1)));
}
