using System.Globalization;

namespace Mirage.Net.Tests;

/// <summary>A response as the tests see it: written apart from the server's own code.</summary>
internal sealed record Response(int Status, IReadOnlyList<(string Name, string Value)> Headers, string Body)
{
    public string? this[string name] =>
        Headers.Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            .Select(header => header.Value).SingleOrDefault();

    /// <summary>Splits the bytes of a connection into responses.</summary>
    /// <param name="text">What was received.</param>
    /// <param name="isHead">Whether the responses answer HEAD.</param>
    public static List<Response> ReadAll(string text, bool isHead = false)
    {
        var responses = new List<Response>();
        while (text.Length > 0)
        {
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            Assert.True(end > 0, $"No head in '{text}'.");
            var lines = text[..end].Split("\r\n");
            Assert.StartsWith("HTTP/1.1 ", lines[0], StringComparison.Ordinal);
            var headers = lines[1..].Select(line => line.Split(':', 2))
                .Select(parts => (parts[0], parts[1].Trim())).ToList();
            var response = new Response(int.Parse(lines[0].AsSpan(9, 3), CultureInfo.InvariantCulture), headers, "");
            text = text[(end + 4)..];
            var length = isHead || response.Status is 100 or 204 or 304 ? 0
                : response["Transfer-Encoding"] == "chunked" ? -1
                : response["Content-Length"] is { } value ? int.Parse(value, CultureInfo.InvariantCulture)
                : text.Length;
            var body = length < 0 ? ReadChunks(ref text) : text[..length];
            text = length < 0 ? text : text[length..];
            responses.Add(response with { Body = body });
        }

        return responses;
    }

    public static Response Read(string text, bool isHead = false) => Assert.Single(ReadAll(text, isHead));

    // Trailer fields are kept at the end of the body, each on a line, so that tests see them.
    private static string ReadChunks(ref string text)
    {
        var body = "";
        while (true)
        {
            var end = text.IndexOf("\r\n", StringComparison.Ordinal);
            var size = int.Parse(text.AsSpan(0, end), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            text = text[(end + 2)..];
            if (size == 0)
                break;
            body += text[..size];
            Assert.Equal("\r\n", text.Substring(size, 2));
            text = text[(size + 2)..];
        }

        while (!text.StartsWith("\r\n", StringComparison.Ordinal))
        {
            var end = text.IndexOf("\r\n", StringComparison.Ordinal) + 2;
            body += text[..end];
            text = text[end..];
        }

        text = text[2..];
        return body;
    }
}
