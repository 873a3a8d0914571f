using System.Buffers;

namespace Mirage.Testing;

/// <summary>The laws of UDP, for the suites that have them.</summary>
internal static class DatagramLaws<TUdp> where TUdp : struct, IUdp<TUdp>
{
    public const int LongestV4 = 65_507; // RFC 768 and RFC 791: 65,535 less 20 and 8.

    public static async ValueTask Boundaries(LawRun run, StackEnds<TUdp> ends, int[] lengths)
    {
        var log = new DatagramLog();
        using var server = Bind(run, ends.Server, log);
        using var client = Bind(run, ends.Client, new());
        for (var index = 0; index < lengths.Length; index++)
        {
            Write(run, ends.Client, client, server.Reachable, Payload(lengths[index], index));
            await run.Await("Wait for it", () => log.Arrived(index + 1));
            run.ExpectEqual(index + 1, log.Count);
            Same(run, Payload(lengths[index], index), log[index].Payload);
        }
    }

    public static async ValueTask ManyAtOnce(LawRun run, StackEnds<TUdp> ends, Func<ValueTask> settle)
    {
        const int Count = 50;
        var log = new DatagramLog();
        using var server = Bind(run, ends.Server, log);
        using var client = Bind(run, ends.Client, new());
        // The first one may wait for a link address alone, RFC 1122 section 2.3.2.2.
        Write(run, ends.Client, client, server.Reachable, []);
        await run.Await(() => log.Arrived(1));
        for (var index = 1; index <= Count; index++)
            Write(run, ends.Client, client, server.Reachable, Payload(index, index));
        await run.Await("Wait", settle);
        run.Expect(log.Count <= Count + 1, $"{Count} datagrams or fewer", $"{log.Count - 1}");
        for (var index = 1; index < log.Count; index++)
        {
            var payload = log[index].Payload;
            run.Expect(payload.Length is > 0 and <= Count, "a datagram that was sent", LengthOf(payload));
            Same(run, Payload(payload.Length, payload.Length), payload);
        }
    }

    public static async ValueTask Echo(LawRun run, StackEnds<TUdp> ends)
    {
        var (served, answered) = (new DatagramLog(), new DatagramLog());
        using var server = Bind(run, ends.Server, served);
        using var client = Bind(run, ends.Client, answered);
        Write(run, ends.Client, client, server.Reachable, Payload(8, 1));
        await run.Await("Wait for it", () => served.Arrived(1));
        run.ExpectEqual($"{client.Reachable}", $"{served[0].Source}");
        run.ExpectEqual($"{server.Reachable}", $"{served[0].Destination}");
        Write(run, ends.Server, server, served[0].Source, Payload(6, 2));
        await run.Await("Wait for the answer", () => answered.Arrived(1));
        Same(run, Payload(6, 2), answered[0].Payload);
        run.ExpectEqual($"{server.Reachable}", $"{answered[0].Source}");
        run.ExpectEqual($"{client.Reachable}", $"{answered[0].Destination}");
    }

    public static async ValueTask Pieces(LawRun run, StackEnds<TUdp> ends)
    {
        var log = new DatagramLog();
        using var server = Bind(run, ends.Server, log);
        using var client = Bind(run, ends.Client, new());
        var (first, second) = (Payload(4, 1), Payload(3, 2));
        var start = new Piece(first);
        var payload = new ReadOnlySequence<byte>(start, 0, start.Append(second), second.Length);
        run.Step("Send a payload of two pieces");
        run.Right(run.Call(() => TUdp.Write(ends.Client, client, server.Reachable, payload)));
        await run.Await("Wait for it", () => log.Arrived(1));
        Same(run, [.. first, .. second], log[0].Payload);
    }

    public static ValueTask TooLong(LawRun run, StackEnds<TUdp> ends)
    {
        using var port = Bind(run, ends.Client, new());
        run.Step($"Send {LongestV4 + 1} bytes");
        run.Left(new UdpError.TooLong(LongestV4 + 1), run.Call(
            () => TUdp.Write(ends.Client, port, port.Reachable, new(new byte[LongestV4 + 1]))));
        return ValueTask.CompletedTask;
    }

    public static ValueTask PortInUse(LawRun run, StackEnds<TUdp> ends)
    {
        var first = Bind(run, ends.Server, new());
        run.Left(new UdpError.PortInUse(first.Number), run.Call("Bind the same port",
            () => TUdp.Bind(ends.Server, first.Number, new DatagramHandler(new()))));
        run.Step("Unbind it twice");
        first.Dispose();
        first.Dispose();
        using var second = Bind(run, ends.Server, new(), first.Number);
        run.ExpectEqual($"{first.Reachable}", $"{second.Reachable}");
        return ValueTask.CompletedTask;
    }

    public static ValueTask PortZero(LawRun run, StackEnds<TUdp> ends)
    {
        var ports = Enumerable.Range(0, 20).Select(_ => Bind(run, ends.Server, new())).ToList();
        run.Expect(ports.All(static port => port.Number != 0), "no port 0", "port 0");
        run.ExpectEqual(20, ports.Select(static port => port.Number).Distinct().Count());
        ports.ForEach(static port => port.Dispose());
        return ValueTask.CompletedTask;
    }

    public static async ValueTask Unbound(LawRun run, StackEnds<TUdp> ends, Func<ValueTask> settle)
    {
        var log = new DatagramLog();
        var server = Bind(run, ends.Server, log);
        using var client = Bind(run, ends.Client, new());
        run.Step("Unbind the server's port");
        server.Dispose();
        for (var time = 0; time < 2; time++)
        {
            Write(run, ends.Client, client, server.Reachable, []); // A lost datagram is no error.
            await run.Await("Wait", settle);
        }

        run.ExpectEqual(0, log.Count);
        run.Left(new UdpError.Closed(), run.Call("Send from the unbound port",
            () => TUdp.Write(ends.Server, server, client.Reachable, default)));
    }

    public static async ValueTask UnboundByItsHandler(LawRun run, StackEnds<TUdp> ends, Func<ValueTask> settle)
    {
        var log = new DatagramLog();
        UdpPort? port = null;
        run.Step("Bind a port whose handler unbinds it");
        port = run.Right(run.Call(() => TUdp.Bind(ends.Server, 0, new DatagramHandler(log, () => port!.Dispose()))));
        using var client = Bind(run, ends.Client, new());
        for (var count = 0; count < 3; count++)
            Write(run, ends.Client, client, port.Reachable, []);
        await run.Await("Wait", settle);
        run.ExpectEqual(1, log.Count);
    }

    public static async ValueTask Segments(LawRun run, StackEnds<TUdp> ends)
    {
        const int Size = 300, Count = 40;
        var log = new DatagramLog();
        using var server = Bind(run, ends.Server, log);
        using var client = Bind(run, ends.Client, new());
        Write(run, ends.Client, client, server.Reachable, []); // The link addresses are found out.
        await run.Await("Wait for it", () => log.Arrived(1));
        foreach (var rest in (int[])[0, 1, Size - 1])
        {
            var before = log.Count;
            var payload = Payload((Count * Size) + rest, rest);
            run.Right(run.Call($"Send {payload.Length} bytes as datagrams of {Size}", () =>
                TUdp.WriteSegments(ends.Client, client, server.Reachable, new(payload), Size)));
            var expected = payload.Chunk(Size).ToArray();
            await run.Await("Wait for them", () => log.Arrived(before + expected.Length));
            for (var index = 0; index < expected.Length; index++)
                Same(run, expected[index], log[before + index].Payload);
        }

        run.Right(run.Call("Send no bytes", () =>
            TUdp.WriteSegments(ends.Client, client, server.Reachable, default, Size)));
        await run.Await("Wait for an empty datagram", () => log.Arrived(2 + (3 * Count) + 2));
        run.ExpectEqual(0, log[log.Count - 1].Payload.Length);
    }

    public static async ValueTask Connected(LawRun run, StackEnds<TUdp> ends, Func<ValueTask> settle)
    {
        var (anybody, peer) = (new DatagramLog(), new DatagramLog());
        using var server = Bind(run, ends.Server, anybody);
        using var client = Bind(run, ends.Client, new());
        using var stranger = Bind(run, ends.Client, new());
        Write(run, ends.Client, client, server.Reachable, Payload(1, 1));
        await run.Await("Wait for it", () => anybody.Arrived(1));
        var options = new BindOptions { Remote = anybody[0].Source };
        var connected = run.Right(run.Call("Bind the same number, connected to the client",
            () => TUdp.Bind(ends.Server, server.Number, new DatagramHandler(peer), options)));
        run.Left(new UdpError.PortInUse(server.Number), run.Call("Bind that again",
            () => TUdp.Bind(ends.Server, server.Number, new DatagramHandler(new()), options)));
        Write(run, ends.Client, client, server.Reachable, Payload(2, 2));
        await run.Await("Wait for it", () => peer.Arrived(1));
        Same(run, Payload(2, 2), peer[0].Payload);
        run.Step("A stranger sends");
        Write(run, ends.Client, stranger, server.Reachable, Payload(3, 3));
        await run.Await("Wait for it", () => anybody.Arrived(2));
        Same(run, Payload(3, 3), anybody[1].Payload);
        connected.Dispose();
        Write(run, ends.Client, client, server.Reachable, Payload(4, 4));
        await run.Await("Wait for it at the port of everybody", () => anybody.Arrived(3));
        await run.Await("Wait", settle);
        run.ExpectEqual("1 and 3", $"{peer.Count} and {anybody.Count}");
    }

    public static async ValueTask Disconnected(LawRun run, StackEnds<TUdp> ends)
    {
        var (open, unbound) = (new DatagramLog(), new DatagramLog());
        var port = Bind(run, ends.Server, open);
        Bind(run, ends.Server, unbound).Dispose();
        await run.Await("Disconnect the server", () => TUdp.Disconnect(ends.Server));
        run.ExpectEqual(1, open.Closed);
        run.ExpectEqual(0, unbound.Closed);
        run.Left(new UdpError.Closed(), run.Call("Bind", () => TUdp.Bind(ends.Server, 0, new DatagramHandler(new()))));
        run.Left(new UdpError.Closed(),
            run.Call("Send", () => TUdp.Write(ends.Server, port, port.Reachable, default)));
    }

    private static UdpPort Bind(LawRun run, TUdp udp, DatagramLog log, ushort number = 0) =>
        run.Right(run.Call($"Bind port {number}", () => TUdp.Bind(udp, number, new DatagramHandler(log))));

    private static void Write(LawRun run, TUdp udp, UdpPort source, Endpoint destination, byte[] payload)
    {
        run.Step($"Send {payload.Length} bytes");
        byte[] lent = [.. payload];
        run.Right(run.Call(() => TUdp.Write(udp, source, destination, new(lent))));
        Array.Fill(lent, (byte)0xCD); // It was sent before the call returned.
    }

    private static byte[] Payload(int length, int number)
    {
        var bytes = new byte[length];
        StreamPattern.Fill(bytes, number * 1001);
        return bytes;
    }

    private static void Same(LawRun run, byte[] expected, byte[] seen) => run.Expect(
        seen.AsSpan().SequenceEqual(expected), $"the {expected.Length} bytes that were sent",
        $"{seen.Length} bytes, the same up to byte {seen.AsSpan().CommonPrefixLength(expected)}");

    private static string LengthOf(byte[] payload) => $"{payload.Length} bytes";

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(byte[] bytes) => Memory = bytes;

        public Piece Append(byte[] bytes)
        {
            var next = new Piece(bytes) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
