namespace Mirage.Net;

/// <summary>What reading a wire image came to.</summary>
public enum ParseStatus
{
    /// <summary>The image is well formed.</summary>
    Ok,

    /// <summary>There are fewer bytes than the image needs.</summary>
    TooShort,

    /// <summary>A length or a fixed field contradicts another.</summary>
    Malformed,

    /// <summary>Well formed, and of a kind that this stack does not speak.</summary>
    Unsupported,
}
