namespace Mirage.Net;

/// <summary>Order of sequence numbers, which are counted modulo 2³²: RFC 9293 section 3.4.</summary>
/// <remarks>Two numbers are comparable while they are less than 2³¹ apart, and every window of this stack is far
/// smaller.</remarks>
internal static class SequenceNumber
{
    /// <summary>Whether <paramref name="left"/> comes before <paramref name="right"/>.</summary>
    public static bool IsBefore(this uint left, uint right) => unchecked((int)(left - right)) < 0;

    /// <summary>Whether <paramref name="left"/> comes after <paramref name="right"/>.</summary>
    public static bool IsAfter(this uint left, uint right) => unchecked((int)(left - right)) > 0;

    /// <summary>Whether <paramref name="left"/> is <paramref name="right"/> or comes before it.</summary>
    public static bool IsUpTo(this uint left, uint right) => unchecked((int)(left - right)) <= 0;

    /// <summary>Whether <paramref name="number"/> is one of those from <paramref name="first"/> to
    /// <paramref name="last"/>. Any number may be asked about, that on the far side of the circle too.</summary>
    public static bool IsBetween(this uint number, uint first, uint last) =>
        unchecked(number - first) <= unchecked(last - first);

    /// <summary>How far <paramref name="right"/> is beyond <paramref name="left"/>; negative when it comes
    /// before.</summary>
    public static int DistanceTo(this uint left, uint right) => unchecked((int)(right - left));

    /// <summary>The number <paramref name="count"/> further on, or back.</summary>
    public static uint Plus(this uint left, int count) => unchecked(left + (uint)count);

    /// <summary>The later of two numbers.</summary>
    public static uint Later(uint left, uint right) => left.IsAfter(right) ? left : right;

    /// <summary>The earlier of two numbers.</summary>
    public static uint Earlier(uint left, uint right) => left.IsBefore(right) ? left : right;
}
