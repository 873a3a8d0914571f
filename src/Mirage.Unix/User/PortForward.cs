using System.Globalization;

namespace Mirage.Unix;

/// <summary>Which port of the machine leads to which port of the unikernel.</summary>
/// <param name="Host">The port on 127.0.0.1.</param>
/// <param name="Guest">The unikernel's port.</param>
internal readonly record struct PortForward(ushort Host, ushort Guest)
{
    /// <summary>How the key <c>--forward</c> is written: <c>8080:80</c>.</summary>
    public static KeyConverter<PortForward> Converter { get; } = new(TryParse, static value => value.ToString(),
        "a port of this machine and one of the unikernel, as 8080:80", "HOST:GUEST");

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Guest}");

    private static bool TryParse(string text, out PortForward value)
    {
        value = default;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || !TryPort(text.AsSpan(0, colon), out var host)
            || !TryPort(text.AsSpan(colon + 1), out var guest))
            return false;
        value = new(host, guest);
        return true;
    }

    private static bool TryPort(ReadOnlySpan<char> text, out ushort port) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port != 0;
}
