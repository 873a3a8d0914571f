using LanguageExt;

namespace Mirage.Testing;

/// <summary>Reads a store and compares what it answers with the model.</summary>
internal static class KvCheck<TKv> where TKv : struct, IKvRo<TKv>
{
    public static async ValueTask Exists(LawRun run, TKv kv, KvModel model, KvKey key) => run.ExpectEqual(
        Name(model.Kind(key)),
        LawText.Of(await Look(run, $"Ask whether {key} exists", () => TKv.Exists(kv, key)),
            static kind => kind.Match(Some: static some => Name(some), None: static () => Name(null))));

    public static async ValueTask Get(LawRun run, TKv kv, KvModel model, KvKey key)
    {
        var seen = await Look(run, $"Get {key}", () => TKv.Get(kv, key));
        if (model.ValueError(key) is { } error)
            ExpectError(run, error, seen);
        else
            ExpectBytes(run, model.Bytes(key), seen);
    }

    public static async ValueTask Read(LawRun run, TKv kv, KvModel model, KvKey key)
    {
        var (seen, bytes) = await Look(run, $"Read {key} into a pipe", () => KvStreams.Read(kv, key));
        if (model.ValueError(key) is { } error)
            ExpectError(run, error, seen);
        else
            ExpectBytes(run, model.Bytes(key), seen.Map(_ => (ReadOnlyMemory<byte>)bytes));
    }

    public static async ValueTask GetPartial(LawRun run, TKv kv, KvModel model, KvKey key, long offset, int length)
    {
        var seen = await Look(run, $"Get at most {length} bytes of {key} from byte {offset} on",
            () => TKv.GetPartial(kv, key, offset, length));
        if (model.ValueError(key) is { } error)
        {
            ExpectError(run, error, seen);
            return;
        }

        var whole = model.Bytes(key);
        var start = (int)Math.Min(offset, whole.Length);
        ExpectBytes(run, whole.AsSpan(start, Math.Min(length, whole.Length - start)), seen);
    }

    public static async ValueTask Size(LawRun run, TKv kv, KvModel model, KvKey key) => run.ExpectEqual(
        model.ValueError(key)?.ToString() ?? $"{model.Bytes(key).Length}",
        LawText.Of(await Look(run, $"Ask for the size of {key}", () => TKv.Size(kv, key)), static size => $"{size}"));

    public static async ValueTask List(LawRun run, TKv kv, KvModel model, KvKey key) => run.ExpectEqual(
        model.DictionaryError(key)?.ToString() ?? Names(model.Children(key)),
        LawText.Of(await Look(run, $"List {key}", () => TKv.List(kv, key)), Names));

    public static async ValueTask<KvKey?> List(LawRun run, TKv kv, KvModel model, KvKey key, KvRange range)
    {
        var seen = await Look(run, $"List {key}, {range}", () => TKv.List(kv, key, range));
        run.ExpectEqual(model.DictionaryError(key)?.ToString() ?? Names(model.Children(key)
            .Where(child => range.Contains(child.Key.Basename)).Take(range.Max ?? int.MaxValue)),
            LawText.Of(seen, Names));
        return seen.Case is IReadOnlyList<(KvKey Key, KvKind Kind)> { Count: > 0 } names ? names[^1].Key : null;
    }

    /// <summary>The digest, for comparing it with others; none where the error was the right one.</summary>
    public static async ValueTask<string?> Digest(LawRun run, TKv kv, KvModel model, KvKey key)
    {
        var seen = await Look(run, $"Ask for the digest of {key}", () => TKv.Digest(kv, key));
        if (model.ValueError(key) is { } error)
        {
            ExpectError(run, error, seen);
            return null;
        }

        return Convert.ToHexString(run.ExpectValue(seen, "a digest").Span);
    }

    /// <summary>When a value was last set; none where the error was the right one.</summary>
    public static async ValueTask<DateTimeOffset?> LastModified(LawRun run, TKv kv, KvModel model, KvKey key)
    {
        var seen = await Look(run, $"Ask when {key} was modified", () => TKv.LastModified(kv, key));
        if (model.ValueError(key) is { } error)
        {
            ExpectError(run, error, seen);
            return null;
        }

        return run.ExpectValue(seen, "a time");
    }

    /// <summary>Walks the store from the root on: it holds what the model holds, and nothing else.</summary>
    public static async ValueTask Walk(LawRun run, TKv kv, KvModel model)
    {
        var left = new Stack<KvKey>([KvKey.Root]);
        while (left.TryPop(out var key))
        {
            await List(run, kv, model, key);
            foreach (var (child, kind) in model.Children(key))
            {
                if (kind is KvKind.Dictionary)
                    left.Push(child);
                else
                    await Get(run, kv, model, child);
            }
        }
    }

    private static void ExpectError<T>(LawRun run, KvError expected, Either<KvError, T> seen) =>
        run.ExpectEqual($"{expected}", LawText.Of(seen, static _ => "no error"));

    private static void ExpectBytes(LawRun run, ReadOnlySpan<byte> expected, Either<KvError, ReadOnlyMemory<byte>> seen)
    {
        var bytes = run.ExpectValue(seen, LawText.Of(expected));
        run.Expect(bytes.Span.SequenceEqual(expected), LawText.Of(expected), LawText.Difference(expected, bytes.Span));
    }

    private static ValueTask<T> Look<T>(LawRun run, string operation, Func<ValueTask<T>> act)
    {
        run.Look(operation);
        return run.Await(act);
    }

    private static string Name(KvKind? kind) => kind switch
    {
        KvKind.Value => "a value",
        KvKind.Dictionary => "a dictionary",
        _ => "nothing",
    };

    private static string Names(IEnumerable<(KvKey Key, KvKind Kind)> children)
    {
        var names = children.Select(static child => $"{child.Key}{(child.Kind is KvKind.Dictionary ? "/" : "")}");
        var text = string.Join(", ", names);
        return text.Length > 0 ? text : "no names";
    }
}
