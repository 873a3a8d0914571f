using System.Buffers;
using System.Text;

/// <summary>One client: a line in, a line out.</summary>
internal sealed class KvConnection<TBlock>(IFlow flow, LogStore<TBlock> store) where TBlock : struct, IBlock<TBlock>
{
    /// <summary>Bytes of the longest request.</summary>
    public const int LineMax = 1024;

    /// <summary>Serves until the client ends, or sends a line that is too long.</summary>
    public async Task Run()
    {
        try
        {
            await AnswerAll();
            await flow.Output.CompleteAsync();
        }
        catch (IOException)
        {
            // The client broke the connection: there is nobody to tell.
        }

        await flow.DisposeAsync();
    }

    private async ValueTask AnswerAll()
    {
        try
        {
            while (await Lines.Read(flow.Input, LineMax) is { } line)
                await Write(await Answer(line));
        }
        catch (InvalidDataException error)
        {
            await Write($"ERROR {error.Message}"); // Who sends such a line means something else by it.
        }
    }

    private async ValueTask Write(string answer)
    {
        Encoding.UTF8.GetBytes(answer, flow.Output);
        flow.Output.Write("\n"u8);
        await flow.Output.FlushAsync();
    }

    private async ValueTask<string> Answer(string line) => line.Split(' ') switch
    {
        ["GET", var key] => store.Get(key) is { } value ? $"VALUE {value}" : "NONE",
        ["SET", var key, var value] => await store.Set(key, value) is { } failure ? $"ERROR {failure}" : "OK",
        _ => "ERROR expected GET key, or SET key value",
    };
}
