namespace Mirage;

/// <summary>What a boot ends with; the numbers of sysexits.h.</summary>
public static class ExitCode
{
    /// <summary>The unikernel is done, or help was shown.</summary>
    public const int Done = 0;

    /// <summary>An argument was wrong, unknown or missing.</summary>
    public const int BadArgument = 64;

    /// <summary>A device could not be connected.</summary>
    public const int Unavailable = 69;

    /// <summary>The unikernel failed.</summary>
    public const int Failed = 70;
}
