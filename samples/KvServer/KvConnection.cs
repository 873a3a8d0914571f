using System.Buffers;
using System.Text;

/// <summary>One client: a line in, a line out.</summary>
internal sealed class KvConnection<TBlock>(IFlow flow, LogStore<TBlock> store) where TBlock : struct, IBlock<TBlock>
{
    /// <summary>Bytes of the longest request.</summary>
    public const int LineMax = 1024;

    /// <summary>Serves until the client ends.</summary>
    public async Task Run()
    {
        try
        {
            while (await Lines.Read(flow.Input, LineMax) is { } line)
            {
                Encoding.UTF8.GetBytes(await Answer(line), flow.Output);
                flow.Output.Write("\n"u8);
                await flow.Output.FlushAsync();
            }

            await flow.Output.CompleteAsync();
        }
        catch (IOException)
        {
            // The client broke the connection, or sent no line: there is nobody to tell.
        }

        await flow.DisposeAsync();
    }

    private async ValueTask<string> Answer(string line) => line.Split(' ') switch
    {
        ["GET", var key] => store.Get(key) is { } value ? $"VALUE {value}" : "NONE",
        ["SET", var key, var value] => await store.Set(key, value) is { } failure ? $"ERROR {failure}" : "OK",
        _ => "ERROR expected GET key, or SET key value",
    };
}
