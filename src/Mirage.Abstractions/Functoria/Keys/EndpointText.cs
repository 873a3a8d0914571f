using System.Globalization;

namespace Mirage;

/// <summary>Endpoints as <see cref="Endpoint.ToString"/> writes them.</summary>
internal static class EndpointText
{
    public static bool TryParse(string text, out Endpoint value)
    {
        value = default;
        var colon = text.LastIndexOf(':');
        if (colon <= 0)
            return false;
        if (!ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            return false;

        var isBracketed = text[0] == '[' && text[colon - 1] == ']';
        var host = isBracketed ? text.AsSpan(1, colon - 2) : text.AsSpan(0, colon);
        if (!IpAddress.TryParse(host, null, out var address) || address.IsV4 == isBracketed)
            return false;

        value = new(address, port);
        return true;
    }
}
