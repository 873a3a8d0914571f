using System.Text;

/// <summary>A client that goes on asking, whatever happens, and writes down what it saw.</summary>
internal sealed class KvClient<TStack>(SimHost host, TStack stack, KvHistory history, string name)
    where TStack : struct, IStack<TStack>
{
    private const int LineMax = KvConnection<SimBlock>.LineMax;
    private const int LongPermille = 30, TooLongPermille = 30;
    private const int Around = 4; // Lengths next to the limit.

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private static readonly Endpoint s_server = new(IpAddress.Parse("10.0.0.1"), 7000);
    private static readonly Latency s_pause =
        Latency.Exponential(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(500));

    private readonly SplitMix64 _random = SplitMix64.Fork(host.Seed, "client");
    private IFlow? _flow;

    /// <summary>Asks until the history is closed, and reads every key once more.</summary>
    public async ValueTask Run()
    {
        while (!history.IsClosed)
        {
            await Task.Delay(TimeSpan.FromTicks(s_pause.DrawNs(_random) / 100), host.Time);
            var key = KvHistory.Keys[_random.Next(KvHistory.Keys.Count)];
            if (_random.Chance(500))
                await Get(key);
            else if (_random.Chance(TooLongPermille))
                await SetTooLong(key);
            else
                await Set(key);
        }

        foreach (var key in KvHistory.Keys)
        {
            while (!await Get(key))
                history.Mark("asked again");
        }

        await Close();
    }

    private async ValueTask<bool> Get(string key)
    {
        var began = history.Now;
        var answer = await Ask($"GET {key}");
        if (answer is null || answer != "NONE" && !answer.StartsWith("VALUE ", StringComparison.Ordinal))
            return false;
        history.Read(key, answer == "NONE" ? null : answer["VALUE ".Length..], began);
        return true;
    }

    private async ValueTask Set(string key)
    {
        var value = history.NewValue(name);
        if (_random.Chance(LongPermille))
            value = Pad(key, value, LineMax - _random.Next(Around));
        history.BeginWrite(key, value);
        var answer = await Ask($"SET {key} {value}");
        if (answer == "OK")
            history.EndWrite(key, value);
    }

    // A write that does not begin: whoever reads the value, or has it acknowledged, has found a mistake.
    private async ValueTask SetTooLong(string key)
    {
        var length = LineMax + 1 + _random.Next(_random.Chance(500) ? Around : 4 * LineMax);
        var value = Pad(key, history.NewValue(name), length);
        var answer = await Ask($"SET {key} {value}");
        if (answer == "OK")
            history.EndWrite(key, value);
        else if (answer is not null)
            history.Mark("refused");
        await Close();
    }

    private static string Pad(string key, string value, int length) =>
        value.PadRight(length - $"SET {key} ".Length, '.');

    // The answer, or null when there was none in time: then it is not known whether the request was done.
    private async ValueTask<string?> Ask(string request)
    {
        using var patience = new CancellationTokenSource(s_patience, host.Time);
        try
        {
            _flow ??= (await TStack.Connect(stack, s_server, patience.Token)).Case as IFlow;
            if (_flow is null)
                return null;
            await using var impatience = patience.Token.Register(static flow => ((IFlow)flow!).Abort(), _flow);
            Encoding.UTF8.GetBytes($"{request}\n", _flow.Output);
            await _flow.Output.FlushAsync();
            if (await Lines.Read(_flow.Input, 4096) is { } answer)
                return answer;
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            history.Mark("broken off");
        }

        await Close();
        return null;
    }

    private async ValueTask Close()
    {
        if (_flow is null)
            return;
        var flow = _flow;
        _flow = null;
        flow.Abort();
        await flow.DisposeAsync();
    }
}
