using System.Globalization;
using System.Text;
using LanguageExt;
using Mirage.Net;
using Mirage.Testing;

namespace Mirage.Interop;

using Link = PcapRecorder<Lossy<VirtualPort>>;

/// <summary>What the recorder writes, read by Wireshark's dissectors.</summary>
public sealed class CaptureTests
{
    private const string Needs = "linux,tshark";
    private const int BodyLength = 300_000;

    // What a dissector may find: severity, of Wireshark's proto.h.
    private const string Warnings = "_ws.expert.severity >= 0x00600000", Errors = "_ws.expert.severity >= 0x00800000";

    [InteropFact(Needs = Needs)]
    public void PlainLink_HttpExchange_IsReadWithoutComplaint() =>
        Check(new(), lossPermille: 0, complaints: Warnings);

    [InteropFact(Needs = Needs)]
    public void OffloadedChecksums_HttpExchange_AreCompleteInTheFile() =>
        Check(new() { ChecksumOffload = true }, lossPermille: 0, complaints: Warnings);

    [InteropFact(Needs = Needs)]
    public void LargeFrames_HttpExchange_AreReadWithoutComplaint() =>
        Check(VirtualLinkOptions.Offloaded, lossPermille: 0, complaints: Warnings);

    // A gap is worth a warning, and is no error.
    [InteropFact(Needs = Needs)]
    public void LossyLink_HttpExchange_IsReadWithItsRetransmissions()
    {
        using var folder = new TemporaryFolder();
        var file = Record(folder, new() { ChecksumOffload = true }, lossPermille: 100);
        CheckFile(file, Errors);
        Assert.NotEmpty(Read(file, "tcp.analysis.retransmission || tcp.analysis.fast_retransmission"));
    }

    private static void Check(VirtualLinkOptions options, int lossPermille, string complaints)
    {
        using var folder = new TemporaryFolder();
        CheckFile(Record(folder, options, lossPermille), complaints);
    }

    private static void CheckFile(string file, string complaints)
    {
        Assert.Empty(Read(file,
            $"_ws.malformed || tcp.checksum.status == 0 || ip.checksum.status == 0 || {complaints}"));
        Assert.Empty(Read(file, "(ip && ip.checksum.status != 1) || (tcp && tcp.checksum.status != 1)"));
        Assert.NotEmpty(Read(file, "tcp.flags.syn == 1 && tcp.flags.ack == 0 && ip.src == 10.0.0.1"));
        Assert.NotEmpty(Read(file, "tcp.flags.syn == 1 && tcp.flags.ack == 1 && ip.src == 10.0.0.2"));
        Assert.NotEmpty(Read(file, "tcp.flags.fin == 1 && ip.src == 10.0.0.1"));
        Assert.NotEmpty(Read(file, "tcp.flags.fin == 1 && ip.src == 10.0.0.2"));
        Assert.Empty(Read(file, "tcp.flags.reset == 1"));
        // SYN, SYN-ACK, ACK, data and FIN were seen of the one conversation.
        Assert.Equal("31", Read(file, "tcp", "tcp.completeness")[^1]);
        Assert.Equal(["/page"], Read(file, "http.request", "http.request.uri"));
        Assert.Equal([$"200\t{BodyLength}"], Read(file, "http.response", "http.response.code", "http.content_length"));
    }

    // One line for each frame that the filter takes; reading must leave nothing to say.
    private static string[] Read(string file, string filter, params string[] fields)
    {
        var columns = string.Concat(fields.Select(static name => $" -T fields -e {name}"));
        // The message that root should not capture is about rights, not about the file.
        var result = Sh.Run($"cd {Path.GetDirectoryName(file)} && HOME=$PWD tshark -n -r {file} " +
            $"-o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE " +
            $"-o tcp.reassemble_out_of_order:TRUE -Y '{filter}' {columns} " +
            "2> >(grep -v '^Running as user \"root\"' >&2)");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        return result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    // A page over two stacks on one link, in virtual time: what one of the ends sees goes to a file.
    private static string Record(TemporaryFolder folder, VirtualLinkOptions options, int lossPermille)
    {
        var file = Path.Combine(folder.Path, "exchange.pcap");
        using var host = new SimHost(seed: 5);
        host.Run(async () =>
        {
            var (left, right) = VirtualPair.Create(host, options);
            var link = left.WithLoss(host, lossPermille).WithPcap(host, File.Create(file));
            var client = TcpIp<Link>.Create(host, link, Cidr.Parse("10.0.0.1/24"));
            var server = TcpIp<VirtualPort>.Create(host, right, Cidr.Parse("10.0.0.2/24"));
            await using (var listener = Right(TcpIp<VirtualPort>.Listen(server, 80)))
            {
                var serving = Serve(listener);
                await Ask(Right(await TcpIp<Link>.Connect(client, listener.Reachable)));
                await serving;
            }

            await Task.Delay(TimeSpan.FromMinutes(5), host.Time); // Until both have seen the other's end.
            await TcpIp<Link>.Disconnect(client);
            await TcpIp<VirtualPort>.Disconnect(server);
            await Link.Disconnect(link);
        });
        return file;
    }

    private static async Task Serve(IListener listener)
    {
        await using var flow = Right(await listener.Accept());
        var request = await flow.Input.ReadAtLeastAsync(10);
        flow.Input.AdvanceTo(request.Buffer.End);
        await Say(flow, string.Create(CultureInfo.InvariantCulture,
            $"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {BodyLength}\r\n\r\n"));
        await Say(flow, new string('m', BodyLength));
    }

    private static async Task Ask(IFlow flow)
    {
        await using (flow)
        {
            await Say(flow, "GET /page HTTP/1.1\r\nHost: 10.0.0.2\r\n\r\n");
            await using var body = new MemoryStream();
            await flow.Input.CopyToAsync(body);
            Assert.True(body.Length > BodyLength, $"{body.Length} bytes came.");
        }
    }

    private static async Task Say(IFlow flow, string text) =>
        await flow.Output.WriteAsync(Encoding.ASCII.GetBytes(text));

    private static T Right<TError, T>(Either<TError, T> result) =>
        result.Match(Right: static value => value, Left: error => throw new InvalidOperationException($"{error}"));
}
