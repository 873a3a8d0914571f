namespace Mirage.Fuzz;

/// <summary>Makes an input that fails shorter and plainer while it fails in the same way.</summary>
internal static class Shrinker
{
    private const int TriesMax = 4000;

    /// <summary>Takes pieces out, from halves down to bytes, then makes bytes less, until nothing can go.</summary>
    public static byte[] Shrink(byte[] input, Func<byte[], bool> fails)
    {
        var tries = 0;
        for (var isSmaller = true; isSmaller;)
        {
            var before = input;
            for (var size = Math.Max(1, input.Length / 2); size > 0; size /= 2)
                input = Cut(input, size, Try);
            input = Plain(input, Try);
            isSmaller = before != input && tries < TriesMax;
        }

        return input;

        bool Try(byte[] candidate) => ++tries <= TriesMax && fails(candidate);
    }

    private static byte[] Cut(byte[] input, int size, Func<byte[], bool> fails)
    {
        for (var at = 0; at < input.Length;)
        {
            byte[] candidate = [.. input[..at], .. input[Math.Min(input.Length, at + size)..]];
            if (fails(candidate))
                input = candidate;
            else
                at += size;
        }

        return input;
    }

    private static byte[] Plain(byte[] input, Func<byte[], bool> fails)
    {
        for (var at = 0; at < input.Length; at++)
        {
            byte[] plainer = [0, 1, (byte)(input[at] / 2)];
            foreach (var value in plainer)
            {
                if (value >= input[at])
                    break;
                var candidate = input.AsSpan().ToArray();
                candidate[at] = value;
                if (!fails(candidate))
                    continue;
                input = candidate;
                break;
            }
        }

        return input;
    }
}
