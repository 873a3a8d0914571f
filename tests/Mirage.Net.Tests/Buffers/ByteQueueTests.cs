using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Mirage.Net.Tests;

public sealed class ByteQueueTests
{
    /// <summary>Any sequence of appends, releases and slices behaves as on one array, and gives every block
    /// back.</summary>
    [Property]
    public void AnyOperations_BehaveAsOnOneArray((byte Kind, ushort Size)[] operations)
    {
        var pool = new BlockPool();
        var queue = new ByteQueue(pool);
        var model = new List<byte>();
        foreach (var (kind, size) in operations)
        {
            switch (kind % 4)
            {
                case 0:
                    var bytes = Enumerable.Range(0, size % 20_000).Select(index => (byte)(index * 7 + size)).ToArray();
                    queue.Append(bytes);
                    model.AddRange(bytes);
                    break;
                case 1:
                    var count = size % (model.Count + 1);
                    queue.Release(count);
                    model.RemoveRange(0, count);
                    break;
                case 2:
                    var memory = queue.GetMemory(size % 10_000);
                    queue.Release(queue.Length);
                    model.Clear();
                    memory.Span[0] = kind;
                    queue.Advance(1);
                    model.Add(kind);
                    break;
                default:
                    var offset = size % (model.Count + 1);
                    Assert.Equal(model.Skip(offset), queue.Slice(offset, model.Count - offset).ToArray());
                    break;
            }

            Assert.Equal(model.Count, queue.Length);
            Assert.Equal(model, queue.All.ToArray());
        }

        queue.Clear();
        Assert.Equal(0, pool.Rented);
    }
}
