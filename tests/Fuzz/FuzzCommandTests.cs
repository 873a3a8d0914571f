using System.Diagnostics;
using System.Runtime.Versioning;

namespace Mirage.Fuzz;

/// <summary>What <c>./fuzz</c> does not understand it refuses in a sentence, and nothing else happens.</summary>
public sealed class FuzzCommandTests
{
    private const int Usage = 64;

    [Theory]
    [InlineData]
    [InlineData("")]
    [InlineData("../../../src")]
    [InlineData("nothing", "--afl")]
    [InlineData("arp", "--time", "5x")]
    [InlineData("arp", "--time", "-5s")]
    [InlineData("arp", "--seed", "-1")]
    [InlineData("arp", "--time")]
    [InlineData("arp", "--replay")]
    [InlineData("arp", "--replay", "/nowhere/at/all")]
    [InlineData("arp", "--replay", "/")]
    [InlineData("arp", "--replay", "")]
    [InlineData("--check-time", "abc")]
    [InlineData("--check-time", "xm")]
    [InlineData("--check-time", "")]
    public void BadArguments_AreRefused(params string[] arguments)
    {
        using var output = new StringWriter();
        Assert.Equal(Usage, FuzzCommand.Run(arguments, output));
        Assert.Contains("usage: ./fuzz NAME", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.5m", "90")]
    [InlineData("250ms", "1")]
    [InlineData("2h", "7200")]
    public void Time_IsGivenInSeconds(string text, string seconds)
    {
        using var output = new StringWriter();
        Assert.Equal(0, FuzzCommand.Run(["--check-time", text], output));
        Assert.Equal(seconds, output.ToString().Trim());
    }

    // With a stand-in of afl-fuzz, without which the script removes nothing; it is not reached.
    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("arp/../kept")]
    [InlineData("arp\ncidr")]
    [InlineData("arp", "--time", "5x")]
    [UnsupportedOSPlatform("windows")] // It makes a program of a file.
    public void Script_RefusesBeforeItRemoves(params string[] arguments)
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Mirage.sln")))
            root = Path.GetDirectoryName(root)!;
        var kept = Directory.CreateDirectory(Path.Combine(root, "artifacts", "fuzz", "kept")).FullName;
        var programs = Directory.CreateTempSubdirectory("mirage-fuzz-");
        File.WriteAllText(Path.Combine(kept, "file"), "kept");
        var standIn = Path.Combine(programs.FullName, "afl-fuzz");
        File.WriteAllText(standIn, "#!/bin/sh\nexit 1\n");
        File.SetUnixFileMode(standIn, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            var start = new ProcessStartInfo(Path.Combine(root, "fuzz"), arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.Environment["PATH"] = $"{programs.FullName}:{Environment.GetEnvironmentVariable("PATH")}";
            start.Environment["FUZZ_NO_BUILD"] = "1";
            start.Environment["FUZZ_OUT"] = AppContext.BaseDirectory;
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.Equal(Usage, process.ExitCode);
            Assert.NotEmpty(error);
            Assert.True(File.Exists(Path.Combine(kept, "file")));
        }
        finally
        {
            programs.Delete(recursive: true);
            if (Directory.Exists(kept))
                Directory.Delete(kept, recursive: true);
        }
    }
}
