using System.Runtime.CompilerServices;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Mirage.Testing;

/// <summary>What every device obeys: its life cycle. The base of the suites of all signatures.</summary>
/// <remarks>
/// A class in a test project gives the suite: <c>public sealed class MyClockLaws : MClockLaws&lt;MyClock&gt;;</c>. Each
/// law is a test. A failure prints the operations that broke the law, as few as were found, and how to see it again.
/// </remarks>
/// <typeparam name="TDevice">The device under test.</typeparam>
public abstract class DeviceLaws<TDevice> where TDevice : struct, IDevice<TDevice>
{
    // The devices below those under test, by host: cases have hosts of their own.
    private readonly ConditionalWeakTable<Host, Connected<TDevice>> _connected = [];

    /// <summary>How much each law tries, and how long it may take.</summary>
    protected virtual LawOptions Options => LawOptions.Default;

    /// <summary>The arguments that the keys of the device are given when it is connected.</summary>
    protected virtual IReadOnlyList<string> Arguments => [];

    /// <summary>A new world for one case: virtual time unless overridden, as by <c>new UnixHost()</c>.</summary>
    /// <remarks>Virtual time does not wait for other threads: while an operation is under way that another thread
    /// answers, as one on a file, it goes on to the limit of the operation. Such a device needs a real
    /// host.</remarks>
    protected virtual Host CreateHost(ulong seed) => new SimHost(seed);

    /// <summary>Connects the device on the loop of <paramref name="host"/>: from its <c>Impl</c>, as a boot does, with
    /// <see cref="Arguments"/>.</summary>
    protected virtual async ValueTask<TDevice> Connect(Host host)
    {
        var outcome = await Boot.Connect<TDevice>(host, Arguments);
        return outcome.Match(
            Right: connected =>
            {
                _connected.AddOrUpdate(host, connected);
                return connected.Device;
            },
            Left: error => throw new InvalidOperationException(
                $"{error.Reason}{(error.Remedy.Length > 0 ? $"; {error.Remedy}" : "")}"));
    }

    /// <summary>Disconnects the device, and what <see cref="Connect"/> made it from.</summary>
    protected virtual async ValueTask Release(Host host, TDevice device)
    {
        await TDevice.Disconnect(device);
        if (_connected.TryGetValue(host, out var connected))
            await connected.Disconnect();
    }

    /// <summary>Completes when what a disconnected device let go of is back: one turn of the loop. A device of the real
    /// world that needs longer says so here.</summary>
    protected virtual async ValueTask LetGo(Host host) => await Task.Yield();

    /// <summary>Disconnecting a device, and what it was made from, leaves no timer that would still fire.</summary>
    [Fact]
    public void D1_DisconnectLeavesNoTimer() => CheckHost(async run =>
    {
        var before = run.ArmedTimers;
        var device = await run.Await("Connect", () => Connect(run.Host));
        await run.Await("Disconnect", () => Release(run.Host, device));
        run.Expect(run.ArmedTimers <= before, "no armed timer", $"{run.ArmedTimers - before} armed");
    });

    /// <summary>Disconnecting a device, and what it was made from, gives back everything that its pools and tables
    /// count in <see cref="Host.Holdings"/>.</summary>
    [Fact]
    public void D1_DisconnectLeavesNothingHeld() => CheckHost(async run =>
    {
        var before = HeldBy(run.Host);
        var device = await run.Await("Connect", () => Connect(run.Host));
        await run.Await("Disconnect", () => Release(run.Host, device));
        await ExpectNothingMore(run, before);
    });

    /// <summary>What a disconnected device held can be connected again in the same world.</summary>
    [Fact]
    public void D1_ConnectsAgainAfterDisconnect() => CheckHost(async run =>
    {
        for (var round = 0; round < 2; round++)
        {
            var device = await run.Await("Connect", () => Connect(run.Host));
            await run.Await("Disconnect", () => Release(run.Host, device));
        }
    });

    /// <summary>A device that is disconnected already may be disconnected: nothing fails or waits.</summary>
    [Fact]
    public void D2_DisconnectIsIdempotent() => Check(async (run, device) =>
    {
        await run.Await("Disconnect", () => TDevice.Disconnect(device));
        await run.Await("Disconnect", () => TDevice.Disconnect(device));
    });

    /// <summary>Disconnecting takes no longer than a boot waits for it.</summary>
    [Fact]
    public void D2_DisconnectEndsInTime() => Check(async (run, device) =>
    {
        var before = run.Host.Loop.NowNs;
        await run.Await("Disconnect", () => TDevice.Disconnect(device));
        var tookMs = (run.Host.Loop.NowNs - before) / 1_000_000;
        run.Expect(tookMs <= 5000, "at most 5000 ms of the host's time", $"{tookMs} ms");
    });

    /// <summary>Tries a law on cases that differ only by their seed.</summary>
    /// <param name="law">One case, with a connected device.</param>
    /// <param name="cases">How many; what <see cref="Options"/> say by default.</param>
    /// <param name="name">The test, which says the law.</param>
    protected void Check(
        Func<LawRun, TDevice, ValueTask> law, int? cases = null, [CallerMemberName] string name = "") =>
        Check(Arb.From(Gen.Constant(true)), (run, device, _) => law(run, device), cases, name);

    /// <summary>Tries a law on generated inputs, which are shrunk when it fails.</summary>
    /// <remarks>Whatever the law is of, the device holds nothing once it is disconnected, as in
    /// <see cref="D1_DisconnectLeavesNothingHeld"/>, but after it was used.</remarks>
    /// <param name="inputs">Generates and shrinks the inputs.</param>
    /// <param name="law">One case, with a connected device.</param>
    /// <param name="cases">How many; what <see cref="Options"/> say by default.</param>
    /// <param name="name">The test, which says the law.</param>
    protected void Check<TInput>(Arbitrary<TInput> inputs, Func<LawRun, TDevice, TInput, ValueTask> law,
        int? cases = null, [CallerMemberName] string name = "") => CheckHost(inputs, async (run, input) =>
    {
        var before = HeldBy(run.Host);
        var device = await run.Await(() => Connect(run.Host));
        await run.Attempt(() => law(run, device, input), () => Release(run.Host, device));
        await ExpectNothingMore(run, before);
    }, cases, name);

    /// <summary>Tries a law on generated lists of operations, each of which is done to a device and to a
    /// model.</summary>
    /// <param name="operation">Generates one operation.</param>
    /// <param name="begin">The model of a device that was just connected.</param>
    /// <param name="end">What is compared after the last operation.</param>
    /// <param name="cases">How many; what <see cref="Options"/> say by default.</param>
    /// <param name="name">The test, which says the law.</param>
    protected void CheckOperations<TModel>(Gen<LawOperation<TDevice, TModel>> operation, Func<TModel> begin,
        Func<LawRun, TDevice, TModel, ValueTask>? end = null, int? cases = null,
        [CallerMemberName] string name = "") => Check(LawRunner.Lists(operation), async (run, device, operations) =>
    {
        var model = begin();
        foreach (var next in operations.Where(next => next.Applies(model)))
        {
            run.Step(next.Text);
            await next.Run(run, device, model);
        }

        if (end is not null)
            await end(run, device, model);
    }, cases, name);

    /// <summary>Tries a law that connects its devices itself.</summary>
    /// <param name="law">One case, in a new world.</param>
    /// <param name="cases">How many; what <see cref="Options"/> say by default.</param>
    /// <param name="name">The test, which says the law.</param>
    protected void CheckHost(Func<LawRun, ValueTask> law, int? cases = null, [CallerMemberName] string name = "") =>
        CheckHost(Arb.From(Gen.Constant(true)), (run, _) => law(run), cases, name);

    /// <summary>Tries a law that connects its devices itself, on generated inputs.</summary>
    /// <param name="inputs">Generates and shrinks the inputs.</param>
    /// <param name="law">One case, in a new world.</param>
    /// <param name="cases">How many; what <see cref="Options"/> say by default.</param>
    /// <param name="name">The test, which says the law.</param>
    protected void CheckHost<TInput>(Arbitrary<TInput> inputs, Func<LawRun, TInput, ValueTask> law,
        int? cases = null, [CallerMemberName] string name = "")
    {
        var options = cases is { } count ? Options with { Cases = count } : Options;
        LawRunner.Check(Law.Named<TDevice>(GetType(), name), options, inputs, CreateHost, law);
    }

    /// <summary>Each of the operations, done to a disconnected device, answers with the error that says so.</summary>
    /// <param name="refusal">The error's text.</param>
    /// <param name="uses">The operations, and the text of what each answers.</param>
    /// <param name="name">The test, which says the law.</param>
    protected void CheckAfterDisconnect(string refusal,
        IReadOnlyList<(string Operation, Func<TDevice, ValueTask<string>> Answer)> uses,
        [CallerMemberName] string name = "") => CheckHost(async run =>
    {
        var device = await run.Await("Connect", () => Connect(run.Host));
        await run.Await("Disconnect", () => Release(run.Host, device));
        foreach (var (operation, use) in uses)
            run.ExpectEqual(refusal, await run.Await(operation, () => use(device)));
    }, name: name);

    private static Dictionary<Holding, long> HeldBy(Host host) =>
        host.Holdings.All.ToDictionary(static holding => holding, static holding => holding.Count);

    private async ValueTask ExpectNothingMore(LawRun run, Dictionary<Holding, long> before)
    {
        await run.Await(() => LetGo(run.Host));
        var left = run.Host.Holdings.Held.Where(holding => holding.Count > before.GetValueOrDefault(holding)).ToList();
        run.Expect(left.Count == 0, "nothing held", string.Join("; ", left));
    }
}
