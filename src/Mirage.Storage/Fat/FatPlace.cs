namespace Mirage.Storage;

/// <summary>Where a name is, or is to be: the last directory on the way that is there, and what is missing.</summary>
internal sealed class FatPlace(KvKey key)
{
    private int _depth;

    /// <summary>The key.</summary>
    public KvKey Key => key;

    /// <summary>The directory, by its first cluster; the root is 0.</summary>
    public uint Directory { get; private set; }

    /// <summary>Its entries, as they are to be.</summary>
    public FatFolder Folder { get; private set; } = new([]);

    /// <summary>Its bytes as they are on the device.</summary>
    public ReadOnlyMemory<byte> Before { get; set; }

    /// <summary>The name in that directory.</summary>
    public string Name => key.Names[_depth];

    /// <summary>Whether that is the last name of the key.</summary>
    public bool IsLast => _depth == key.Names.Length - 1;

    /// <summary>That name, and those below it.</summary>
    public string[] Missing => [.. key.Names.AsSpan()[_depth..]];

    /// <summary>A name in the directory that is about to go.</summary>
    public string? Moved { get; set; }

    /// <summary>By how many clusters the directory must grow.</summary>
    public long Growth { get; set; }

    /// <summary>Clusters of each directory that is to be made.</summary>
    public IReadOnlyList<long> NewClusters { get; set; } = [];

    /// <summary>Takes the bytes of the directory.</summary>
    public void Open(byte[] bytes) => (Before, Folder) = (bytes, new FatFolder([.. bytes]));

    /// <summary>Goes on to the directory that has the name.</summary>
    public void Enter(uint directory) => (Directory, _depth) = (directory, _depth + 1);
}
