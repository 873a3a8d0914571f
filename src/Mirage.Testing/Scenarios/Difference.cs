namespace Mirage.Testing;

/// <summary>Where two logs part.</summary>
internal static class Difference
{
    public static string Find(Func<string> first, Func<string> second)
    {
        var (one, other) = (first().Split('\n'), second().Split('\n'));
        for (var line = 0; line < Math.Max(one.Length, other.Length); line++)
        {
            var (left, right) = (one.ElementAtOrDefault(line), other.ElementAtOrDefault(line));
            if (left != right)
                return $"Event {line + 1} was '{left}' in one run and '{right}' in the other.";
        }

        return "Two further runs did not differ.";
    }
}
