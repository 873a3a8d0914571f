using LanguageExt;

namespace Mirage.Unix;

/// <summary>The hosts of one process: one unikernel is booted on each, and each has a queue of every link.</summary>
/// <remarks>The first host boots alone. When one of its links has several queues, the others begin, each on a thread of
/// its own; they share nothing but this.</remarks>
internal sealed class Crew(UnixHost first, Func<UnixHost, int> boot) : IDisposable
{
    private readonly Func<UnixHost, int> _boot = boot;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, QueueGroup> _groups = new(StringComparer.Ordinal);
    private readonly List<Sibling> _siblings = [];
    private int _code;
    private bool _isStopping;

    /// <summary>The queues of the link of that name, opened by whoever comes first; the other hosts begin
    /// then.</summary>
    public Either<ConnectError, QueueGroup> Queues(string name, int count, Func<Either<ConnectError, QueueGroup>> open)
    {
        lock (_gate)
        {
            if (!_groups.TryGetValue(name, out var group))
            {
                var opened = open();
                if (opened.IsLeft)
                    return opened;
                group = (QueueGroup)opened;
                _groups.Add(name, group);
            }

            while (_siblings.Count < count - 1 && !_isStopping)
                _siblings.Add(new(this, _siblings.Count + 1));
            return group;
        }
    }

    /// <summary>Asks every unikernel to end. Callable from every thread.</summary>
    public void RequestStop()
    {
        lock (_gate)
        {
            _isStopping = true;
            Post(first);
            foreach (var sibling in _siblings)
                Post(sibling.Host);
        }

        static void Post(UnixHost host) => host.Loop.Post(static host => ((UnixHost)host!).RequestStop(), host);
    }

    /// <summary>The first unikernel has ended with <paramref name="code"/>: ends the others, and gives the code of the
    /// process.</summary>
    public int Finish(int code)
    {
        RequestStop();
        foreach (var sibling in _siblings)
            sibling.Join();
        return code != 0 ? code : _code;
    }

    public void Dispose()
    {
        foreach (var group in _groups.Values)
            group.Close();
        foreach (var sibling in _siblings)
            sibling.Host.Dispose();
    }

    // One that fails takes the others with it: its queue would be a hole in the network.
    private void HandleEnd(int code)
    {
        if (code == 0)
            return;
        Interlocked.CompareExchange(ref _code, code, 0);
        RequestStop();
    }

    private sealed class Sibling
    {
        private readonly Thread _thread;

        public Sibling(Crew crew, int queue)
        {
            Host = new UnixHost(crew, queue);
            _thread = new(() => crew.HandleEnd(crew._boot(Host))) { Name = $"queue {queue}" };
            _thread.Start();
        }

        public UnixHost Host { get; }

        public void Join() => _thread.Join();
    }
}
