namespace Mirage;

/// <summary>What a store answers when it cannot write. Nothing was changed.</summary>
public abstract record KvWriteError
{
    private KvWriteError() { }

    /// <summary>The way to the key cannot be read.</summary>
    public sealed record Read(KvError Inner) : KvWriteError
    {
        /// <inheritdoc/>
        public override string ToString() => Inner.ToString();
    }

    /// <summary>The value does not fit.</summary>
    public sealed record NoSpace(KvKey Key) : KvWriteError
    {
        /// <inheritdoc/>
        public override string ToString() => $"{Key}: no space left";
    }

    /// <summary>The destination of a rename lies below its source.</summary>
    public sealed record RenameSourcePrefix(KvKey Source, KvKey Destination) : KvWriteError
    {
        /// <inheritdoc/>
        public override string ToString() => $"{Source} cannot move into {Destination}, which lies below it";
    }

    /// <summary>The key exists.</summary>
    public sealed record AlreadyPresent(KvKey Key) : KvWriteError
    {
        /// <inheritdoc/>
        public override string ToString() => $"{Key} exists already";
    }

    /// <summary>What the change was bound to is not so.</summary>
    public sealed record ConditionFailed(KvKey Key) : KvWriteError
    {
        /// <inheritdoc/>
        public override string ToString() => $"{Key} is not as the change requires";
    }

    /// <summary>The store takes no writes.</summary>
    public sealed record ReadOnly : KvWriteError
    {
        /// <inheritdoc/>
        public override string ToString() => "the store is read-only";
    }

    /// <summary>The store cannot do that.</summary>
    public sealed record Unsupported(string Operation) : KvWriteError
    {
        /// <inheritdoc/>
        public override string ToString() => $"the store cannot {Operation}";
    }

    /// <summary>The store cannot hold that name.</summary>
    public sealed record BadName(KvKey Key, string Reason) : KvWriteError
    {
        /// <inheritdoc/>
        public override string ToString() => $"{Key}: {Reason}";
    }
}
