using LanguageExt;

namespace Mirage.Net.Tests;

/// <summary>A TCP in memory that accepts what a test connects.</summary>
internal readonly struct TestTcp(TestTcp.Ports ports) : ITcp<TestTcp>
{
    private readonly Ports _ports = ports;

    public static Impl<TestTcp> Impl => Mirage.Impl.BootHost.Map(static host => new TestTcp(new Ports(host)));

    public static ValueTask<Either<TcpError, IFlow>> Connect(
        TestTcp tcp, Endpoint remote, CancellationToken cancellation = default) =>
        new(tcp._ports.Connect());

    public static Either<TcpError, IListener> Listen(TestTcp tcp, ushort port, ListenOptions options = default) =>
        port == 1 ? new TcpError.PortInUse(port) : tcp._ports;

    internal sealed class Ports(Host host) : IListener
    {
        private readonly Queue<IFlow> _flows = new();
        private TaskCompletionSource<Either<TcpError, IFlow>>? _accepting;
        private bool _isClosed;

        /// <summary>Errors that the next calls of accept give.</summary>
        public Queue<TcpError> Failures { get; } = new();

        public List<PipeFlow> Accepted { get; } = [];

        public ushort Port => 80;

        public Endpoint Reachable => new(IpAddress.LoopbackV4, 80);

        public ValueTask<Either<TcpError, IFlow>> Accept(CancellationToken cancellation = default)
        {
            if (Failures.TryDequeue(out var failure))
                return new(failure);
            if (_isClosed)
                return new(new TcpError.Closed());
            if (_flows.TryDequeue(out var flow))
                return new(Prelude.Right<TcpError, IFlow>(flow));
            _accepting = new TaskCompletionSource<Either<TcpError, IFlow>>();
            return new(_accepting.Task);
        }

        public Either<TcpError, IFlow> Connect()
        {
            if (_isClosed)
                return new TcpError.Refused(Reachable);
            var (server, client) = PipeFlow.Pair(host);
            Accepted.Add(server);
            if (_accepting is { Task.IsCompleted: false })
                _accepting.SetResult(server);
            else
                _flows.Enqueue(server);
            return client;
        }

        public ValueTask DisposeAsync()
        {
            _isClosed = true;
            _accepting?.TrySetResult(new TcpError.Closed());
            return ValueTask.CompletedTask;
        }
    }
}
