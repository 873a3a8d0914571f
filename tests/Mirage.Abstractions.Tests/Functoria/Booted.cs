using Mirage.Testing;

namespace Mirage.Tests;

/// <summary>What a boot in virtual time left behind.</summary>
internal sealed record Booted(int Code, string Output, string Error, TimeSpan Elapsed)
{
    public IReadOnlyList<string> Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public IReadOnlyList<string> Errors => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static Booted Run<T>(params IReadOnlyList<string> args) where T : IUnikernel<T> =>
        Run<T>(_ => { }, [], args);

    public static Booted Run<T>(Dictionary<string, string> build, IReadOnlyList<string> args) where T : IUnikernel<T> =>
        Run<T>(_ => { }, build, args);

    public static Booted Run<T>(Action<SimHost> prepare, IReadOnlyList<string> args) where T : IUnikernel<T> =>
        Run<T>(prepare, [], args);

    public static Booted Run<T>(Action<SimHost> prepare, Dictionary<string, string> build, IReadOnlyList<string> args)
        where T : IUnikernel<T>
    {
        using var host = new SimHost();
        prepare(host);
        var options = build.ToDictionary(static pair => $"Mirage.Key.{pair.Key}", static pair => pair.Value);
        options["Mirage.Keys"] = string.Join(',', build.Keys);
        var code = Boot.Run<T>(host, args, new BuildValues(options.GetValueOrDefault));
        return new(code, host.Output, host.ErrorOutput, TimeSpan.FromTicks(host.Loop.NowNs / 100));
    }
}
