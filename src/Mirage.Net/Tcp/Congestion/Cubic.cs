namespace Mirage.Net;

/// <summary>Congestion control of <see href="https://www.rfc-editor.org/rfc/rfc9438">RFC 9438</see>, the one that most
/// of the Internet uses.</summary>
public readonly struct Cubic : ICongestionControl
{
    /// <inheritdoc/>
    public static CongestionControl Create() => new CubicWindow();
}
