using System.Globalization;

namespace Mirage.Net.Tests;

/// <summary>How long a random test goes on: shortly, unless the environment asks for more.</summary>
internal static class RunLength
{
    public static int Of(string variable, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var length)
            ? length
            : usual;
}
