namespace Mirage.Unix.Tests;

public sealed class UnixRunTests
{
    private const int Interrupt = 2, Terminate = 15;

    [Theory]
    [InlineData(Interrupt)]
    [InlineData(Terminate)]
    public async Task Running_Signal_StopsInOrder(int signal)
    {
        using var child = Child.Start("wait");
        Assert.Equal("ready", await child.StandardOutput.ReadLineAsync());
        Assert.Equal(0, Libc.Kill(child.Id, signal));
        Assert.Equal("stopped", await child.StandardOutput.ReadLineAsync());
        await child.WaitForExitAsync();
        Assert.Equal(ExitCode.Done, child.ExitCode);
    }

    [Theory]
    [InlineData(Interrupt)]
    [InlineData(Terminate)]
    public async Task Stopping_SecondSignal_EndsTheProcessAtOnce(int signal)
    {
        using var child = Child.Start("stubborn");
        Assert.Equal("ready", await child.StandardOutput.ReadLineAsync());
        Assert.Equal(0, Libc.Kill(child.Id, signal));
        Assert.Equal("never", await child.StandardOutput.ReadLineAsync());
        Assert.Equal(0, Libc.Kill(child.Id, signal));
        await child.WaitForExitAsync();
        Assert.Equal(128 + signal, child.ExitCode);
    }

    [Fact]
    public async Task ClosedOutput_Writing_IsNoError()
    {
        using var child = Child.Start("print");
        child.StandardOutput.Close();
        await child.WaitForExitAsync();
        Assert.Equal(ExitCode.Done, child.ExitCode);
        Assert.Empty(await child.StandardError.ReadToEndAsync());
    }

    [Fact]
    public async Task OutputThatWasNeverOpen_Writing_ReachesNothingElse()
    {
        // The numbers of the closed descriptors are the runtime's own when the unikernel begins.
        using var child = Child.StartByShell("exec \"$0\" \"$@\" <&- >&-", "print");
        Assert.Empty(await child.StandardOutput.ReadToEndAsync());
        await child.WaitForExitAsync();
        Assert.Equal(ExitCode.Done, child.ExitCode);
        Assert.Empty(await child.StandardError.ReadToEndAsync());
    }

    [Fact]
    public async Task Output_OfManyLines_ArrivesWhole()
    {
        using var child = Child.Start("print");
        var lines = (await child.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(20_000, lines.Length);
        Assert.StartsWith("line 19999 ", lines[^1], StringComparison.Ordinal);
        await child.WaitForExitAsync();
        Assert.Equal(ExitCode.Done, child.ExitCode);
    }
}
