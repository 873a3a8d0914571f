using System.Buffers;
using System.IO.Pipelines;
using LanguageExt;
using Mirage.Net;

namespace Mirage.Testing.Tests;

public sealed class FlowTests
{
    [Fact]
    public void SoundStack_EveryLaw_Holds()
    {
        Caught.Nothing<Laws<Sound>>();
        Caught.Nothing<UdpSuite<Sound>>();
    }

    [Fact]
    public void FlowThatReorders_IsCaughtByTwoWrites()
    {
        var failure = Caught.By("F1", new Laws<Reorders>().F1_StreamsAreOrderedAndReliable);
        Assert.Equal(["Write 1 bytes forth", "Write 1 bytes forth", "End both streams, and read what is left"],
            failure.Operations);
        Assert.Equal("byte 0 of the stream forth as it was written", failure.Expected);
    }

    [Fact]
    public void FlowThatLosesItsLastBytes_IsCaughtByOneWrite()
    {
        var failure = Caught.By("F1", new Laws<LosesItsTail>().F1_StreamsAreOrderedAndReliable);
        Assert.Equal(["Write 1 bytes forth", "End both streams, and read what is left"], failure.Operations);
        Assert.Equal(("all 1 bytes of the stream forth before its end", "the end after 0 bytes"),
            (failure.Expected, failure.Seen));
    }

    [Fact]
    public void FlowThatNeverEnds_IsCaughtWithoutAHang() =>
        Assert.Equal("no answer", Caught.By("F5", new Laws<NeverEnds>().F5_EndIsToldAgain).Seen);

    [Fact]
    public void FlowWithoutBackpressure_IsCaught() => Assert.Equal(
        "a write that waits", Caught.By("F3", new Laws<TakesAnything>().F3_WriteWaitsWhileNobodyReads).Expected);

    [Fact]
    public void FlowWhoseAbortLooksLikeAnEnd_IsCaught() =>
        Assert.Equal("no exception", Caught.By("F7", new Laws<EndsGently>().F7_AbortIsAnErrorAndNoEnd).Seen);

    [Fact]
    public void CancelledConnectThatLeavesAConnection_IsCaught() =>
        Assert.Equal("an open connection", Caught.By(
            "TC4", new Laws<ForgetsConnections>().TC4_CancelledConnectLeavesNothing).Seen);

    [Fact]
    public void UdpThatMergesDatagrams_IsCaught() =>
        Caught.By("U1", new UdpSuite<MergesDatagrams>().U1_DatagramsAtOnceDoNotMix);

    [Fact]
    public void UdpThatCutsLongDatagrams_IsCaughtByTheShortestOfThem()
    {
        var failure = Caught.By("U1", new UdpSuite<CutsDatagrams>().U1_DatagramsKeepTheirBoundaries);
        Assert.Contains("Send 1473 bytes", failure.Operations);
        Assert.Equal("1472 bytes, the same up to byte 1472", failure.Seen);
    }

    private static StackEnds<PlantedStack<TBug>> Ends<TBug>(Host host) where TBug : IStackBug
    {
        var (left, right) = VirtualPair.Create(host);
        return new(Stack(left, "10.0.0.1/24"), Stack(right, "10.0.0.2/24"), async () =>
        {
            await VirtualPort.Disconnect(left);
            await VirtualPort.Disconnect(right);
        });

        PlantedStack<TBug> Stack(VirtualPort port, string address) =>
            PlantedStack<TBug>.Over(host, TcpIp<VirtualPort>.Create(host, port, Cidr.Parse(address)));
    }

    private sealed class Laws<TBug> : StackLaws<PlantedStack<TBug>> where TBug : IStackBug
    {
        protected override ValueTask<StackEnds<PlantedStack<TBug>>> ConnectEnds(Host host) => new(Ends<TBug>(host));
    }

    private sealed class UdpSuite<TBug> : UdpLaws<PlantedStack<TBug>> where TBug : IStackBug
    {
        protected override ValueTask<StackEnds<PlantedStack<TBug>>> ConnectEnds(Host host) => new(Ends<TBug>(host));
    }

    private sealed class Sound : IStackBug;

    private sealed class Reorders : IStackBug
    {
        public static IFlow Wrap(IFlow flow) => new PlantedFlow(flow, new Writer(flow.Output));

        private sealed class Writer(PipeWriter inner) : PlantedWriter(inner)
        {
            private byte[]? _held;

            public override void Complete(Exception? exception = null)
            {
                Inner.Write(_held ?? []);
                base.Complete(exception);
            }

            protected override ValueTask<FlushResult> Send(byte[] bytes)
            {
                if (_held is not { } held)
                {
                    _held = bytes;
                    return new(default(FlushResult));
                }

                _held = null;
                Inner.Write(bytes);
                return Inner.WriteAsync(held);
            }
        }
    }

    private sealed class LosesItsTail : IStackBug
    {
        public static IFlow Wrap(IFlow flow) => new PlantedFlow(flow, new Writer(flow.Output));

        private sealed class Writer(PipeWriter inner) : PlantedWriter(inner)
        {
            private byte[] _held = [];

            protected override ValueTask<FlushResult> Send(byte[] bytes)
            {
                byte[] all = [.. _held, .. bytes];
                var sent = Math.Max(0, all.Length - 3);
                _held = all[sent..];
                return Inner.WriteAsync(all.AsMemory(0, sent));
            }
        }
    }

    private sealed class NeverEnds : IStackBug
    {
        public static IFlow Wrap(IFlow flow) => new PlantedFlow(flow, new Writer(flow.Output));

        private sealed class Writer(PipeWriter inner) : PlantedWriter(inner)
        {
            public override void Complete(Exception? exception = null) { }

            protected override ValueTask<FlushResult> Send(byte[] bytes) => Inner.WriteAsync(bytes);
        }
    }

    private sealed class TakesAnything : IStackBug
    {
        public static IFlow Wrap(IFlow flow) => new PlantedFlow(flow, new Writer(flow.Output));

        private sealed class Writer(PipeWriter inner) : PlantedWriter(inner)
        {
            private Task _writing = Task.CompletedTask;

            protected override ValueTask<FlushResult> Send(byte[] bytes)
            {
                _writing = Behind(_writing, bytes);
                return new(default(FlushResult));
            }

            private async Task Behind(Task before, byte[] bytes)
            {
                await before;
                await Inner.WriteAsync(bytes);
            }
        }
    }

    private sealed class EndsGently : IStackBug
    {
        public static IFlow Wrap(IFlow flow) => new Flow(flow);

        private sealed class Flow(IFlow inner) : PlantedFlow(inner, inner.Output)
        {
            public override void Abort() => Output.Complete();
        }
    }

    private sealed class ForgetsConnections : IStackBug
    {
        public static async ValueTask<Either<TcpError, IFlow>> Connect(
            TcpIp<VirtualPort> stack, Endpoint remote, CancellationToken cancellation) =>
            await TcpIp<VirtualPort>.Connect(stack, remote, CancellationToken.None).AsTask().WaitAsync(cancellation);
    }

    private sealed class MergesDatagrams : IStackBug
    {
        public static Either<UdpError, Unit> Write(
            PlantedStackCore core, UdpPort source, Endpoint destination, ReadOnlySequence<byte> payload)
        {
            if (core.Held.Count == 0)
            {
                core.Host.Loop.Post(_ =>
                {
                    TcpIp<VirtualPort>.Write(core.Stack, source, destination, new([.. core.Held]));
                    core.Held.Clear();
                }, null);
            }

            core.Held.AddRange(payload.ToArray());
            return Unit.Default;
        }
    }

    private sealed class CutsDatagrams : IStackBug
    {
        public static Either<UdpError, Unit> Write(
            PlantedStackCore core, UdpPort source, Endpoint destination, ReadOnlySequence<byte> payload) =>
            TcpIp<VirtualPort>.Write(
                core.Stack, source, destination, payload.Slice(0, Math.Min(1472, payload.Length)));
    }
}
