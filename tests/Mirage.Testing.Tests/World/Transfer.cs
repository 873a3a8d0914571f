using Mirage.Net;

namespace Mirage.Testing.Tests;

/// <summary>A client that sends bytes to a server, on two machines.</summary>
public sealed class Transfer
{
    private const ushort Port = 80;

    public Transfer(SimWorld world, SimNet net, int length)
    {
        Server = world.AddMachine("server");
        Client = world.AddMachine("client");
        net.Attach(Server);
        net.Attach(Client);
        Server.Run(Receive);
        Client.Run(host => Send(host, length));
    }

    public SimMachine Server { get; }

    public SimMachine Client { get; }

    public long Received { get; private set; }

    public bool IsIntact { get; private set; } = true;

    private async ValueTask Receive(SimHost host)
    {
        var stack = Stack(host, "10.0.0.1/24");
        await using var listener = TcpIp<SimNetif>.Listen(stack, Port).Match(
            Left: static error => throw new InvalidOperationException(error.ToString()), Right: static it => it);
        await using var flow = (await listener.Accept()).Match(
            Left: static error => throw new InvalidOperationException(error.ToString()), Right: static it => it);
        while (true)
        {
            var read = await flow.Input.ReadAsync();
            foreach (var segment in read.Buffer)
            {
                foreach (var value in segment.Span)
                    IsIntact &= value == Byte(Received++);
            }

            flow.Input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return;
        }
    }

    private static async ValueTask Send(SimHost host, int length)
    {
        var stack = Stack(host, "10.0.0.2/24");
        await using var flow = (await TcpIp<SimNetif>.Connect(stack, new Endpoint(IpAddress.Parse("10.0.0.1"), Port)))
            .Match(Left: static error => throw new InvalidOperationException(error.ToString()), Right: static it => it);
        for (var sent = 0; sent < length;)
        {
            var memory = flow.Output.GetMemory(4096);
            var count = Math.Min(memory.Length, length - sent);
            for (var index = 0; index < count; index++)
                memory.Span[index] = Byte(sent + index);
            flow.Output.Advance(count);
            sent += count;
            await flow.Output.FlushAsync();
        }

        await flow.Output.CompleteAsync();
        await flow.Input.ReadAsync();
    }

    private static TcpIp<SimNetif> Stack(SimHost host, string address) =>
        TcpIp<SimNetif>.Create(host, SimNetif.On(host), Cidr.Parse(address));

    private static byte Byte(long position) => (byte)((position * 31) >> 3);
}
