namespace Mirage.Unix.Tests;

public sealed class UnixDriverTests
{
    [Fact]
    public void ManyPipes_EachWritten_AreReportedOnceEach()
    {
        using var driver = new UnixDriver();
        var pipes = Enumerable.Range(0, 600).Select(_ => new Pipe()).ToArray();
        var watches = Array.ConvertAll(pipes, pipe => driver.Watch(pipe.ReadEnd, pipe));
        Assert.Equal(600, driver.WatchCount);
        Array.ForEach(pipes, static pipe => pipe.Write());

        for (var pass = 0; pass < 3; pass++) // An epoll_wait gives 256 at most.
            driver.Wait(long.MinValue);

        Assert.All(pipes, static pipe => Assert.Equal(1, pipe.Reports));
        driver.Wait(long.MinValue);
        Assert.All(pipes, static pipe => Assert.Equal(1, pipe.Reports)); // An edge is reported once.
        Array.ForEach(watches, static watch => watch.Dispose());
        Array.ForEach(pipes, static pipe => pipe.Dispose());
        Assert.Equal(0, driver.WatchCount);
    }

    [Fact]
    public void DisposedWatch_LaterWrite_IsNotReported()
    {
        using var driver = new UnixDriver();
        using var pipe = new Pipe();
        var watch = driver.Watch(pipe.ReadEnd, pipe);
        watch.Dispose();
        watch.Dispose();
        pipe.Write();
        driver.Wait(long.MinValue);
        Assert.Equal(0, pipe.Reports);
    }

    [Fact]
    public void ClosedWriter_IsReportedAsFailedAndReadable()
    {
        using var driver = new UnixDriver();
        using var pipe = new Pipe();
        using var watch = driver.Watch(pipe.ReadEnd, pipe);
        pipe.CloseWriteEnd();
        driver.Wait(long.MinValue);
        Assert.True(pipe.Last.HasFlag(DescriptorEvents.Failed | DescriptorEvents.Readable));
    }

    [Fact]
    public void RegularFile_Watched_IsRefusedWithASentence()
    {
        using var driver = new UnixDriver();
        using var pipe = new Pipe();
        using var file = File.OpenHandle(typeof(UnixDriverTests).Assembly.Location);
        var error = Assert.Throws<IOException>(() => driver.Watch((int)file.DangerousGetHandle(), pipe));
        Assert.Contains("cannot be watched", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, driver.WatchCount);
    }

    [Fact]
    public void Wake_BeforeWait_EndsTheNextWaitOnly()
    {
        using var driver = new UnixDriver();
        driver.Wake();
        driver.Wait(long.MaxValue);
        var deadline = driver.NowNs + 2_000_000;
        driver.Wait(deadline);
        Assert.True(driver.NowNs >= deadline);
    }

    [Fact]
    public void WhileLooking_AWriteIsReported_AndAWakeEndsTheWait()
    {
        using var driver = new UnixDriver { BusyPollMax = TimeSpan.FromSeconds(10) };
        using var pipe = new Pipe();
        using var watch = driver.Watch(pipe.ReadEnd, pipe);
        var deadline = driver.NowNs + 10_000_000_000;
        for (var round = 1; round <= 12; round++) // Each makes it look for twice as long, up to 20 ms.
        {
            using var write = new Timer(_ => pipe.Write(), null, 5, Timeout.Infinite);
            while (pipe.Reports < round && driver.NowNs < deadline)
                driver.Wait(deadline);
            Assert.Equal(round, pipe.Reports);
        }

        using var wake = new Timer(_ => driver.Wake(), null, 5, Timeout.Infinite);
        driver.Wait(deadline);
        Assert.True(driver.NowNs < deadline);
    }

    [Fact]
    public void Wait_WithDeadline_AllocatesNothing()
    {
        using var driver = new UnixDriver();
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var round = 0; round < 100; round++)
            {
                driver.Wake();
                driver.Wait(driver.NowNs + 1000);
            }
        }));
    }

    private sealed unsafe class Pipe : IDescriptorHandler, IDisposable
    {
        private int _writeEnd;

        public Pipe()
        {
            var ends = stackalloc int[2];
            Assert.Equal(0, TestLibc.Pipe(ends));
            (ReadEnd, _writeEnd) = (ends[0], ends[1]);
        }

        public int ReadEnd { get; }

        public int Reports { get; private set; }

        public DescriptorEvents Last { get; private set; }

        public void Ready(DescriptorEvents events)
        {
            Reports++;
            Last = events;
        }

        public void Write()
        {
            byte one = 1;
            Assert.Equal(1, Libc.Write(_writeEnd, &one, 1));
        }

        public void CloseWriteEnd()
        {
            if (_writeEnd >= 0)
                Assert.Equal(0, Libc.Close(_writeEnd));
            _writeEnd = -1;
        }

        public void Dispose()
        {
            _ = Libc.Close(ReadEnd);
            CloseWriteEnd();
        }
    }
}
