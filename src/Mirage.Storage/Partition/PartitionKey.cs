namespace Mirage.Storage;

/// <summary>The key of partitions.</summary>
internal static class PartitionKey
{
    public static Key<string> Partition { get; } = Key.Required<string>("partition",
        "The partition: its number, its GUID or that of its type, or its name, name=TEXT where that is a number.");
}
