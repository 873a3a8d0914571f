using System.Diagnostics;
using System.Text;

namespace Mirage.Interop;

/// <summary>A sample that runs as a process, from the build of this configuration.</summary>
internal sealed class UnikernelProcess : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly List<(string Text, TaskCompletionSource Seen)> _awaited = [];

    private UnikernelProcess(string line)
    {
        _process = Sh.Start(line);
        _process.OutputDataReceived += (_, data) => Add(data.Data);
        _process.ErrorDataReceived += (_, data) => Add(data.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Everything written so far, to the output and to the error output.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>Starts a sample, inside a namespace or outside of any.</summary>
    public static UnikernelProcess Start(string sample, string arguments, Namespace? inside = null, string prefix = "")
    {
        var line = $"exec {prefix} dotnet {PathOf(sample)} {arguments}";
        return new(inside is null ? line : inside.Inside(line));
    }

    /// <summary>Where the sample was built.</summary>
    public static string PathOf(string sample)
    {
        var tests = Path.GetRelativePath(Path.Combine(Root(), "tests", "Interop"), AppContext.BaseDirectory);
        var path = Path.Combine(Root(), "samples", sample, tests, $"{sample}.dll");
        Assert.True(File.Exists(path), $"{path} has not been built.");
        return path;
    }

    /// <summary>Completes when a line that contains <paramref name="text"/> was written.</summary>
    public async Task WaitFor(string text)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_output)
        {
            if (_output.ToString().Contains(text, StringComparison.OrdinalIgnoreCase))
                return;
            _awaited.Add((text, seen));
        }

        var ended = _process.WaitForExitAsync();
        if (await Task.WhenAny(seen.Task, ended, Task.Delay(s_limit)) != seen.Task)
            Assert.Fail($"'{text}' was not written within {s_limit.TotalSeconds} s; this was:\n{Output}");
    }

    /// <summary>Asks for an orderly end.</summary>
    public void Terminate() => Sh.Must($"kill -TERM {_process.Id}");

    /// <summary>The exit code, once the process has ended by itself.</summary>
    public async Task<int> Exit()
    {
        using var limit = new CancellationTokenSource(s_limit);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"Still running after {s_limit.TotalSeconds} s; it wrote:\n{Output}");
        }

        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private void Add(string? line)
    {
        if (line is null)
            return;
        lock (_output)
        {
            _output.AppendLine(line);
            foreach (var (text, seen) in _awaited)
            {
                if (line.Contains(text, StringComparison.OrdinalIgnoreCase))
                    seen.TrySetResult();
            }
        }
    }

    /// <summary>The folder of the whole project.</summary>
    public static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Mirage.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Not below Mirage.sln.");
        return folder;
    }
}
