namespace Mirage;

/// <summary>What a store answers when it cannot read.</summary>
public abstract record KvError
{
    private KvError() { }

    /// <summary>Nothing is there.</summary>
    public sealed record NotFound(KvKey Key) : KvError
    {
        /// <inheritdoc/>
        public override string ToString() => $"{Key}: nothing is there";
    }

    /// <summary>A value is where a dictionary was expected: at the key, or on the way to it.</summary>
    public sealed record DictionaryExpected(KvKey Key) : KvError
    {
        /// <inheritdoc/>
        public override string ToString() => $"{Key} is, or lies below, a value, not a dictionary";
    }

    /// <summary>A dictionary is where a value was expected.</summary>
    public sealed record ValueExpected(KvKey Key) : KvError
    {
        /// <inheritdoc/>
        public override string ToString() => $"{Key} is a dictionary, not a value";
    }

    /// <summary>The store below failed.</summary>
    public sealed record Storage(KvKey Key, string Reason) : KvError
    {
        /// <inheritdoc/>
        public override string ToString() => $"{Key}: {Reason}";
    }

    /// <summary>The block device below the store failed.</summary>
    public sealed record Block(KvKey Key, BlockError Inner) : KvError
    {
        /// <inheritdoc/>
        public override string ToString() => $"{Key}: {Inner}";
    }

    /// <summary>What the store holds is damaged there: a checksum failed, or its records contradict each
    /// other.</summary>
    public sealed record Corrupt(KvKey Key, string Reason) : KvError
    {
        /// <inheritdoc/>
        public override string ToString() => $"{Key} is corrupt: {Reason}";
    }

    /// <summary>The store is disconnected.</summary>
    public sealed record Disconnected : KvError
    {
        /// <inheritdoc/>
        public override string ToString() => "the store is disconnected";
    }
}
