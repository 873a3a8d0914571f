namespace Mirage.Testing;

/// <summary>What a power cut may leave of the writes that were unflushed.</summary>
internal static class CrashOutcomes
{
    // Tears of one write; a disk that tears anywhere has too many of them.
    private const int TearsMax = 3;

    /// <summary>At most <paramref name="most"/> outcomes, and whether these are all.</summary>
    public static (IReadOnlyList<IReadOnlyList<Survivor>> Outcomes, bool All) Of(
        IReadOnlyList<PendingWrite> pending, int atomicBytes, int most, SplitMix64 random)
    {
        // Of each write: dropped is 0 bytes, kept is all of them.
        var fates = pending.Select(write => Fates(write.Bytes.Length, atomicBytes, out _)).ToList();
        var all = pending.All(write =>
        {
            Fates(write.Bytes.Length, atomicBytes, out var complete);
            return complete;
        });
        var count = fates.Aggregate(1L, (product, options) => Math.Min(product * options.Length, int.MaxValue));
        return count <= most
            ? ([.. Enumerable.Range(0, (int)count).Select(number => Numbered(fates, number))], all)
            : ([.. Extremes(fates).Take(most / 2).Concat(Samples(fates, random)).Take(most)], false);
    }

    private static int[] Fates(int length, int atomicBytes, out bool complete)
    {
        var tears = ((length + atomicBytes - 1) / atomicBytes) - 1;
        complete = tears <= TearsMax;
        IEnumerable<int> torn = complete
            ? Enumerable.Range(1, tears).Select(part => part * atomicBytes)
            : [atomicBytes, (tears + 1) / 2 * atomicBytes, tears * atomicBytes];
        return [0, length, .. torn];
    }

    // The digits of a number in a mixed base: each outcome once.
    private static List<Survivor> Numbered(List<int[]> fates, int number)
    {
        var survivors = new List<Survivor>();
        for (var index = 0; index < fates.Count; index++)
        {
            Keep(survivors, index, fates[index][number % fates[index].Length]);
            number /= fates[index].Length;
        }

        return survivors;
    }

    private static IEnumerable<IReadOnlyList<Survivor>> Extremes(List<int[]> fates)
    {
        yield return Each(fates, static (_, _) => 0);
        yield return Each(fates, static (_, options) => options[1]);
        for (var chosen = fates.Count - 1; chosen >= 0; chosen--)
        {
            yield return Each(fates, (index, options) => index == chosen ? 0 : options[1]);
            yield return Each(fates, (index, options) => index == chosen ? options[1] : 0);
            foreach (var torn in fates[chosen].Skip(2))
            {
                yield return Each(fates, (index, options) => index == chosen ? torn : options[1]);
                yield return Each(fates, (index, options) => index == chosen ? torn : index < chosen ? options[1] : 0);
            }
        }
    }

    private static IEnumerable<IReadOnlyList<Survivor>> Samples(List<int[]> fates, SplitMix64 random)
    {
        while (true)
            yield return Each(fates, (_, options) => options[random.Next(options.Length)]);
    }

    private static List<Survivor> Each(List<int[]> fates, Func<int, int[], int> fate)
    {
        var survivors = new List<Survivor>();
        for (var index = 0; index < fates.Count; index++)
            Keep(survivors, index, fate(index, fates[index]));
        return survivors;
    }

    private static void Keep(List<Survivor> survivors, int index, int bytes)
    {
        if (bytes > 0)
            survivors.Add(new(index, bytes));
    }
}
