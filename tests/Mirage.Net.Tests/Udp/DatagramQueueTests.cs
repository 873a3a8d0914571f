using FsCheck.Xunit;

namespace Mirage.Net.Tests;

public sealed class DatagramQueueTests
{
    private const int BytesMax = 5000, CountMax = 40;

    /// <summary>Whatever the order of additions and removals, the queue is a queue of arrays with two limits.</summary>
    [Property]
    public void Queue_BehavesAsAQueueOfArrays(int[] steps)
    {
        var queue = new DatagramQueue(BytesMax, CountMax);
        var model = new Queue<byte[]>();
        var buffer = new byte[BytesMax];
        var number = 0;
        foreach (var step in steps.SelectMany(static step => Enumerable.Repeat(step, 1 + (step & 7))))
        {
            if (step % 3 == 0)
            {
                Assert.Equal(model.Count > 0, queue.TryTake(buffer, out var received));
                if (model.TryDequeue(out var expected))
                    Assert.Equal(expected, buffer[..received.Length]);
                continue;
            }

            var payload = new byte[(uint)(step * 7919) % 700];
            new Random(++number).NextBytes(payload);
            var fits = model.Count < CountMax && model.Sum(static bytes => bytes.Length) + payload.Length <= BytesMax;
            Assert.Equal(fits, queue.TryAdd(default, default, payload));
            if (fits)
                model.Enqueue(payload);
        }

        Assert.Equal((model.Count, model.Sum(static bytes => bytes.Length)), (queue.Count, queue.Length));
    }
}
