namespace Mirage.Unix.Tests;

/// <summary>Keeps what a link hands up, or only counts it.</summary>
internal readonly struct FrameRecorder(FrameRecorder.Log log) : IFrameHandler
{
    public void Input(in ReceivedFrame frame)
    {
        log.Count++;
        log.Bytes += frame.Bytes.Length;
        if (log.Keeps)
            log.Frames.Add(new(frame.Bytes.ToArray(), frame.ChecksumValid, frame.SegmentSize));
        if (log.Count == log.Awaited)
            log.Arrived.TrySetResult();
    }

    internal sealed record Kept(byte[] Bytes, bool ChecksumValid, int SegmentSize);

    internal sealed class Log
    {
        public bool Keeps { get; init; } = true;

        public int Awaited { get; set; } = 1;

        public int Count { get; set; }

        public long Bytes { get; set; }

        public List<Kept> Frames { get; } = [];

        public TaskCompletionSource Arrived { get; set; } = new();
    }
}
