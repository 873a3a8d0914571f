using LanguageExt;

namespace Mirage.Storage;

/// <summary>A tree of values that does not change: a change gives another tree, which shares with this one whatever is
/// the same.</summary>
internal sealed class KvTree
{
    private readonly KvDictionary _root;

    private KvTree(KvDictionary root) => _root = root;

    /// <summary>Nothing but a root.</summary>
    public static KvTree Empty { get; } = new(KvDictionary.Empty);

    /// <summary>The bytes of all names and values.</summary>
    public long Bytes => _root.Bytes;

    public Either<KvError, Option<KvKind>> Exists(KvKey key) =>
        Node(key, out _) is { } node ? Prelude.Some(node.Kind) : Option<KvKind>.None;

    public Either<KvError, ReadOnlyMemory<byte>> Get(KvKey key) => FindValue(key).Map(static value => value.Content);

    public Either<KvError, ReadOnlyMemory<byte>> GetPartial(KvKey key, long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return FindValue(key).Map(value =>
        {
            var start = (int)Math.Min(offset, value.Content.Length);
            return value.Content.Slice(start, Math.Min(length, value.Content.Length - start));
        });
    }

    public Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>> List(KvKey key, KvRange range = default) =>
        Find(key).Bind(node => node is KvDictionary dictionary
            ? Prelude.Right<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>>(
                dictionary.In(range).Select(child => (key / child.Name, child.Node.Kind)).ToArray())
            : new KvError.DictionaryExpected(key));

    public Either<KvError, DateTimeOffset> LastModified(KvKey key) =>
        FindValue(key).Map(static value => value.Modified);

    public Either<KvError, ReadOnlyMemory<byte>> Digest(KvKey key) => FindValue(key).Map(static value => value.Digest);

    public Either<KvError, long> Size(KvKey key) => FindValue(key).Map(static value => value.Bytes);

    /// <summary>What is there, value or dictionary.</summary>
    public Either<KvError, KvNode> Find(KvKey key)
    {
        if (Node(key, out var isBelowValue) is { } node)
            return node;
        return isBelowValue ? new KvError.DictionaryExpected(key) : new KvError.NotFound(key);
    }

    /// <summary>What is there, or null; whether a value is on the way.</summary>
    public KvNode? Node(KvKey key, out bool isBelowValue)
    {
        KvNode? node = _root;
        isBelowValue = false;
        foreach (var name in key.Names)
        {
            if (node.Kind is KvKind.Value)
                isBelowValue = true;
            node = (node as KvDictionary)?.Find(name);
            if (node is null)
                break;
        }

        return node;
    }

    /// <summary>How many of the key's names are there, from the root on.</summary>
    public int Known(KvKey key)
    {
        KvNode? node = _root;
        var count = 0;
        foreach (var name in key.Names)
        {
            node = (node as KvDictionary)?.Find(name);
            if (node is null)
                break;
            count++;
        }

        return count;
    }

    /// <summary>The tree with that node at a key, or with nothing there, and with the dictionaries on the way; null
    /// when a value is on the way.</summary>
    public KvTree? With(KvKey key, KvNode? node)
    {
        var names = key.Names;
        var way = new KvDictionary[names.Length];
        KvNode at = _root;
        for (var index = 0; index < way.Length; index++)
        {
            if (at is not KvDictionary dictionary)
                return null;
            way[index] = dictionary;
            at = dictionary.Find(names[index]) ?? KvDictionary.Empty;
        }

        for (var index = way.Length - 1; index >= 0; index--)
            node = way[index].With(names[index], node);
        return new KvTree(node as KvDictionary ?? KvDictionary.Empty);
    }

    private Either<KvError, KvValue> FindValue(KvKey key) => Find(key).Bind(
        node => node is KvValue value
            ? Prelude.Right<KvError, KvValue>(value)
            : new KvError.ValueExpected(key));
}
