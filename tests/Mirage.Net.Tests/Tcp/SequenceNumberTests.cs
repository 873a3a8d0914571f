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

    [Fact]
    [Trait("Hostile", "39")]
    public void Numbers_AcrossTheWrap_AreOrdered() => Assert.True(uint.MaxValue.IsBefore(uint.MaxValue.Plus(1)));
}
