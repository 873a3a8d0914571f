namespace Mirage.Testing;

/// <summary>What a store should be: keys in order, with the bytes of values.</summary>
internal sealed class KvModel
{
    // A dictionary has no bytes.
    private readonly SortedDictionary<KvKey, byte[]?> _nodes = new() { [KvKey.Root] = null };

    public KvModel() { }

    public KvModel(IReadOnlyDictionary<KvKey, byte[]> content)
    {
        foreach (var (key, bytes) in content)
            Place(key, bytes);
    }

    public IEnumerable<KvKey> Values =>
        _nodes.Where(static node => node.Value is not null).Select(static node => node.Key);

    public IEnumerable<KvKey> Dictionaries =>
        _nodes.Where(static node => node.Value is null).Select(static node => node.Key);

    public KvKind? Kind(KvKey key) => !_nodes.TryGetValue(key, out var bytes)
        ? null
        : bytes is null ? KvKind.Dictionary : KvKind.Value;

    public byte[] Bytes(KvKey key) => _nodes[key]!;

    public IEnumerable<(KvKey Key, KvKind Kind)> Children(KvKey key) => _nodes.Keys
        .Where(child => !child.IsRoot && child.Parent == key)
        .Select(child => (child, Kind(child)!.Value));

    /// <summary>Why there is no value at a key; null when there is.</summary>
    public KvError? ValueError(KvKey key) => Kind(key) switch
    {
        KvKind.Value => null,
        KvKind.Dictionary => new KvError.ValueExpected(key),
        _ => Missing(key),
    };

    /// <summary>Why there is no dictionary at a key; null when there is.</summary>
    public KvError? DictionaryError(KvKey key) => Kind(key) switch
    {
        KvKind.Value => new KvError.DictionaryExpected(key),
        KvKind.Dictionary => null,
        _ => Missing(key),
    };

    public KvWriteError? Set(KvKey key, byte[] bytes)
    {
        if (Kind(key) is KvKind.Dictionary)
            return Read(new KvError.ValueExpected(key));
        if (IsBelowValue(key))
            return Read(new KvError.DictionaryExpected(key));
        Place(key, bytes);
        return null;
    }

    public KvWriteError? SetPartial(KvKey key, long offset, byte[] bytes)
    {
        var old = Kind(key) is KvKind.Value ? Bytes(key) : [];
        var before = old.Take((int)Math.Min(offset, old.Length)).ToArray();
        return Set(key, [.. before, .. bytes, .. old.Skip(before.Length + bytes.Length)]);
    }

    public KvWriteError? Allocate(KvKey key, int size) =>
        Kind(key) is not null ? new KvWriteError.AlreadyPresent(key) : Set(key, new byte[size]);

    public void Remove(KvKey key)
    {
        if (Kind(key) is KvKind.Value)
        {
            _nodes.Remove(key);
            return;
        }

        foreach (var below in _nodes.Keys.Where(node => !node.IsRoot && key.IsPrefixOf(node)).ToArray())
            _nodes.Remove(below);
    }

    public KvWriteError? Rename(KvKey source, KvKey destination)
    {
        if (source != destination && source.IsPrefixOf(destination))
            return new KvWriteError.RenameSourcePrefix(source, destination);
        if (Kind(source) is null)
            return Read(Missing(source));
        var isInto = source != destination && Kind(destination) is KvKind.Dictionary;
        var target = isInto ? destination / source.Basename : destination;
        if (target == source)
            return null;
        if (Kind(target) is KvKind.Dictionary)
            return new KvWriteError.AlreadyPresent(target);
        if (Kind(target) is KvKind.Value && Kind(source) is KvKind.Dictionary)
            return Read(new KvError.ValueExpected(source));
        if (IsBelowValue(target))
            return Read(new KvError.DictionaryExpected(destination));
        Move(source, target);
        return null;
    }

    /// <summary>Makes all the changes or none. A condition on a digest is none that a model judges.</summary>
    public KvWriteError? Batch(IEnumerable<KvChange> changes)
    {
        var before = _nodes.ToArray();
        var error = changes.Select(Apply).FirstOrDefault(static error => error is not null);
        if (error is null)
            return null;
        _nodes.Clear();
        foreach (var (key, bytes) in before)
            _nodes.Add(key, bytes);
        return error;
    }

    private KvWriteError? Apply(KvChange change)
    {
        switch (change)
        {
            case KvChange.Set set:
                return Set(set.Key, set.Value.ToArray());
            case KvChange.SetPartial part:
                return SetPartial(part.Key, part.Offset, part.Value.ToArray());
            case KvChange.Remove remove:
                Remove(remove.Key);
                return null;
            case KvChange.Rename rename:
                return Rename(rename.Source, rename.Destination);
            case KvChange.Allocate allocate:
                return Allocate(allocate.Key, (int)allocate.Size);
            case KvChange.Require { Condition: KvCondition.Absent } absent:
                return Kind(absent.Key) is null ? null : new KvWriteError.ConditionFailed(absent.Key);
            case KvChange.Require { Condition: KvCondition.Present } present:
                return Kind(present.Key) is KvKind.Value ? null : new KvWriteError.ConditionFailed(present.Key);
            default:
                throw new NotSupportedException($"The model cannot judge {change}.");
        }
    }

    private void Move(KvKey source, KvKey target)
    {
        var moved = _nodes.Where(node => source.IsPrefixOf(node.Key)).ToArray();
        Remove(source);
        foreach (var (key, bytes) in moved)
        {
            var place = key.Names.Skip(source.Names.Length).Aggregate(target, static (at, name) => at / name);
            Place(place, bytes);
        }
    }

    private void Place(KvKey key, byte[]? bytes)
    {
        for (var above = key.Parent; !_nodes.ContainsKey(above); above = above.Parent)
            _nodes.Add(above, null);
        _nodes[key] = bytes;
    }

    private KvError Missing(KvKey key) =>
        IsBelowValue(key) ? new KvError.DictionaryExpected(key) : new KvError.NotFound(key);

    private bool IsBelowValue(KvKey key)
    {
        while (!key.IsRoot)
        {
            key = key.Parent;
            if (Kind(key) is KvKind.Value)
                return true;
        }

        return false;
    }

    private static KvWriteError.Read Read(KvError error) => new(error);
}
