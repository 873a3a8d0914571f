using LanguageExt;

namespace Mirage.Storage;

/// <summary>A tree of values that does not change once it is made.</summary>
internal sealed class KvTree
{
    private readonly Dictionary<KvKey, Value> _values = [];
    private readonly Dictionary<KvKey, SortedDictionary<string, KvKind>> _dictionaries =
        new() { [KvKey.Root] = NewDictionary() };

    /// <summary>Adds a value and the dictionaries on its way. A key that a value or dictionary has already is a
    /// mistake of the caller.</summary>
    public void Add(KvKey key, ReadOnlyMemory<byte> bytes, DateTimeOffset modified)
    {
        if (key.IsRoot || _values.ContainsKey(key) || _dictionaries.ContainsKey(key))
            throw new ArgumentException($"{key} is there already.", nameof(key));
        AddTo(key.Parent, key.Basename, KvKind.Value);
        _values.Add(key, new Value(bytes, modified));
    }

    public Either<KvError, Option<KvKind>> Exists(KvKey key)
    {
        if (_values.ContainsKey(key))
            return Prelude.Some(KvKind.Value);
        return _dictionaries.ContainsKey(key) ? Prelude.Some(KvKind.Dictionary) : Option<KvKind>.None;
    }

    public Either<KvError, ReadOnlyMemory<byte>> Get(KvKey key) => Find(key).Map(static value => value.Bytes);

    public Either<KvError, ReadOnlyMemory<byte>> GetPartial(KvKey key, long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return Find(key).Map(value =>
        {
            var start = (int)Math.Min(offset, value.Bytes.Length);
            return value.Bytes.Slice(start, Math.Min(length, value.Bytes.Length - start));
        });
    }

    public Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>> List(KvKey key)
    {
        if (_dictionaries.TryGetValue(key, out var children))
            return children.Select(child => (key / child.Key, child.Value)).ToArray();
        return _values.ContainsKey(key) || ValueOnTheWay(key)
            ? new KvError.DictionaryExpected(key)
            : new KvError.NotFound(key);
    }

    public Either<KvError, DateTimeOffset> LastModified(KvKey key) => Find(key).Map(static value => value.Modified);

    /// <summary>Computed when it is asked for, and once.</summary>
    public Either<KvError, ReadOnlyMemory<byte>> Digest(KvKey key) => Find(key).Map(static value => value.Digest);

    public Either<KvError, long> Size(KvKey key) => Find(key).Map(static value => (long)value.Bytes.Length);

    private Either<KvError, Value> Find(KvKey key)
    {
        if (_values.TryGetValue(key, out var value))
            return value;
        if (_dictionaries.ContainsKey(key))
            return new KvError.ValueExpected(key);
        return ValueOnTheWay(key) ? new KvError.DictionaryExpected(key) : new KvError.NotFound(key);
    }

    private bool ValueOnTheWay(KvKey key)
    {
        while (!key.IsRoot)
        {
            key = key.Parent;
            if (_values.ContainsKey(key))
                return true;
        }

        return false;
    }

    private void AddTo(KvKey parent, string name, KvKind kind)
    {
        if (_values.ContainsKey(parent))
            throw new ArgumentException($"{parent} is a value and cannot hold {name}.", nameof(parent));
        if (!_dictionaries.TryGetValue(parent, out var children))
        {
            AddTo(parent.Parent, parent.Basename, KvKind.Dictionary);
            _dictionaries.Add(parent, children = NewDictionary());
        }

        children.Add(name, kind);
    }

    private static SortedDictionary<string, KvKind> NewDictionary() => new(StringComparer.Ordinal);

    private sealed class Value(ReadOnlyMemory<byte> bytes, DateTimeOffset modified)
    {
        private byte[]? _digest;

        public ReadOnlyMemory<byte> Bytes { get; } = bytes;

        public DateTimeOffset Modified { get; } = modified;

        public ReadOnlyMemory<byte> Digest => _digest ??= ContentHash.Of(Bytes.Span);
    }
}
