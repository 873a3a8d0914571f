using System.Collections;

namespace Mirage.Storage;

/// <summary>Goes through all directories of a volume once.</summary>
/// <remarks>
/// A cluster belongs to whoever is met first. A file whose chain leaves the volume, loops, ends too early or is
/// another's has its fault; a directory is as long as its chain is sound. Whatever is wrong is remembered: such a
/// volume is not written to.</remarks>
internal sealed class FatScan<TBlock>(FatVolume<TBlock> volume) where TBlock : struct, IBlock<TBlock>
{
    /// <summary>How many names a volume may have.</summary>
    public const int NodesMax = 1 << 18;

    /// <summary>How deep directories may nest.</summary>
    public const int DepthMax = 255;

    private readonly BitArray _used = new((int)volume.Table.End);
    private int _nodes;

    /// <summary>What is on the volume.</summary>
    public KvTree Tree { get; private set; } = KvTree.Empty;

    /// <summary>How many things are wrong.</summary>
    public int Faults { get; private set; }

    /// <summary>The first thing that is wrong.</summary>
    public string FirstFault { get; private set; } = "";

    /// <summary>Reads all directories; says why that cannot be done, null when it was.</summary>
    public async ValueTask<string?> Run()
    {
        var left = new Queue<(KvKey Key, uint Directory)>();
        Own(volume.Chain(0).Clusters);
        left.Enqueue((KvKey.Root, 0));
        while (left.TryDequeue(out var next))
        {
            if (volume.Chain(next.Directory).Fault is { } fault)
                Note($"{next.Key}: {fault}");
            var (bytes, error) = await volume.ReadFolder(next.Directory);
            if (error is not null)
                return $"{error}";
            foreach (var item in new FatFolder(bytes).Items())
            {
                if (!FatNames.IsName(item.Name))
                {
                    Note($"{next.Key}: a name that is none");
                    continue;
                }

                var key = next.Key / item.Name;
                if (Tree.Node(key, out _) is not null)
                    Note($"{key} is there twice");
                else if (++_nodes > NodesMax)
                    return $"more than {NodesMax} names";
                else if (!item.Entry.IsDirectory)
                    Tree = Tree.With(key, new FatValue(item.Entry, Check(key, item.Entry)))!;
                else if (Enter(key, item.Entry))
                    left.Enqueue((key, item.Entry.Cluster));
            }
        }

        return null;
    }

    private bool Enter(KvKey key, FatEntry entry)
    {
        Tree = Tree.With(key, KvDictionary.Empty)!;
        var clusters = new List<uint>();
        // What is wrong with the chain is noted when the directory is read.
        _ = volume.Table.Follow(entry.Cluster, long.MaxValue, clusters);
        if (clusters.Count == 0)
            Note($"{key}: a directory without a cluster");
        else if (key.Names.Length > DepthMax)
            Note($"{key.Basename}: directories nest more than {DepthMax} deep");
        else if (!Own(clusters))
            Note($"{key}: its clusters are another's");
        else if (clusters.Count > FatFolder.EntriesMax * FatEntry.Size / volume.Boot.ClusterSize)
            Note($"{key}: more than {FatFolder.EntriesMax} entries");
        else
            return true;
        return false;
    }

    private string? Check(KvKey key, FatEntry entry)
    {
        var clusters = new List<uint>();
        var fault = volume.Table.Follow(entry.Cluster, long.MaxValue, clusters);
        if (fault is null && (long)clusters.Count * volume.Boot.ClusterSize < entry.Length)
            fault = $"{clusters.Count} clusters hold less than {entry.Length} bytes";
        if (!Own(clusters))
            fault ??= "its clusters are another's";
        if (fault is not null)
            Note($"{key}: {fault}");
        return fault;
    }

    // False when one of them has an owner already.
    private bool Own(List<uint> clusters)
    {
        var isFree = true;
        foreach (var cluster in clusters)
        {
            isFree &= !_used[(int)cluster];
            _used[(int)cluster] = true;
        }

        return isFree;
    }

    private void Note(string fault)
    {
        if (Faults++ == 0)
            FirstFault = fault;
    }
}
