using Mirage.Net;

namespace Mirage.Bench;

/// <summary>Connections by turns of one and of the other congestion control, so that two flows that differ in nothing
/// else can leave by one device.</summary>
/// <remarks>The turn is the thread's: a world runs on one thread, and worlds on several.</remarks>
public readonly struct Turns<TFirst, TSecond> : ICongestionControl
    where TFirst : struct, ICongestionControl
    where TSecond : struct, ICongestionControl
{
    [ThreadStatic]
    private static bool s_isSecond;

    /// <summary>The next connection is of the first.</summary>
    public static void Begin() => s_isSecond = false;

    public static CongestionControl Create()
    {
        s_isSecond = !s_isSecond;
        return s_isSecond ? TFirst.Create() : TSecond.Create();
    }
}
