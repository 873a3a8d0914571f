using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Mirage.Unix.Tests;

/// <summary>Runs a test on a thread in a network namespace of its own, which ends with it: no interface of the machine
/// is seen or touched.</summary>
internal static class PrivateNetwork
{
    private const int CloneNewNetwork = 0x40000000;

    public static void Run(Action test)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Assert.Equal(0, TestLibc.Unshare(CloneNewNetwork));
                test();
            }
            catch (Exception error) // Whatever it is, it belongs to the thread of the test.
            {
                failure = ExceptionDispatchInfo.Capture(error);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    /// <summary>Runs <c>ip</c> in the calling thread's namespace.</summary>
    public static void Ip(string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"ip {arguments}: {error}");
    }
}
