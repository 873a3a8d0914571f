namespace Mirage.Storage;

/// <summary>The keys of <see cref="CowKv{TBlock}"/>.</summary>
internal static class CowKeys
{
    private const long CacheDefault = 16 << 20;

    public static Key<long> Cache { get; } = Key.Optional("kv-cache", new KeyConverter<long>(
        static (string text, out long value) => long.TryParse(text, null, out value) && value >= 0,
        static value => value.ToString(null, null), "a number of bytes", "BYTES"), CacheDefault,
        "The bytes that pages of the store on disk may take in memory.");

    public static Key<bool> Format { get; } =
        Key.Flag("kv-format", "Make a store on a device that holds something else, which is lost.");
}
