namespace Mirage.Interop;

/// <summary>The samples that end by themselves, from the command line to the exit code.</summary>
public sealed class SamplesTests
{
    [InteropFact(Needs = "linux")]
    public void Noop_Started_EndsWithZeroAndSaysNothing() => Assert.Equal(new(0, "", ""), Run("Noop"));

    [InteropFact(Needs = "linux")]
    public void Hello_ToItsEnd_SaysHelloFourTimes() =>
        Assert.Equal(new(0, "hello\nhello\nhello\nhello\n", ""), Run("Hello"));

    [InteropFact(Needs = "linux")]
    public void HelloKey_WithoutTheKey_SaysWhatTheBuildGaveIt() =>
        Assert.Equal(new(0, FourTimes("Hello World!"), ""), Run("HelloKey"));

    [InteropFact(Needs = "linux")]
    public void HelloKey_Argument_IsSaid() =>
        Assert.Equal(new(0, FourTimes("Grüezi, 世界"), ""), Run("HelloKey", "'--hello=Grüezi, 世界'"));

    [InteropFact(Needs = "linux")]
    public void HelloKey_EnvironmentVariable_IsSaid() =>
        Assert.Equal(
            new(0, FourTimes("from outside"), ""), Run("HelloKey", environment: "MIRAGE_HELLO='from outside'"));

    [InteropFact(Needs = "linux")]
    public void HelloKey_ArgumentAndVariable_TheArgumentIsSaid() =>
        Assert.Equal(new(0, FourTimes("Hi"), ""), Run("HelloKey", "--hello Hi", "MIRAGE_HELLO=no"));

    [InteropFact(Needs = "linux")]
    public void HelloKey_Help_NamesTheKeyItsDefaultAndItsVariable()
    {
        var help = Run("HelloKey", "--help");
        Assert.Equal((0, ""), (help.ExitCode, help.Error));
        Assert.All(["--hello=TEXT (default Hello World!)", "How to say hello.", "MIRAGE_HELLO"],
            part => Assert.Contains(part, help.Output, StringComparison.Ordinal));
        Assert.DoesNotContain("\nHello World!\n", help.Output, StringComparison.Ordinal);
    }

    [InteropFact(Needs = "linux")]
    public void HelloKey_UnknownKey_EndsWith64AndSaysNothing()
    {
        var result = Run("HelloKey", "--helo=Hi");
        Assert.Equal((64, ""), (result.ExitCode, result.Output));
        Assert.Contains("--helo", result.Error, StringComparison.Ordinal);
    }

    [InteropFact(Needs = "linux")]
    public void Functors_Started_PrintsWhatItsModulesMake() =>
        Assert.Equal(new(0, "[true; false]\n[1; 2; 3]\n[3; 2; 1]\n[[1; 2]; []; [3]]\n", ""), Run("Functors"));

    [InteropFact(Needs = "linux")]
    public void MyDisk_ItsLaws_AreTestsAndPass()
    {
        var result = Sh.Run(
            $"exec dotnet test {UnikernelProcess.PathOf("MyDisk")} --logger 'console;verbosity=normal'");
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Assert.All(["D2_DisconnectIsIdempotent", "B3_ReadGivesWhatWasWritten", "B11_LastSectorIsThereAndTheNextIsNot"],
            law => Assert.Contains($"Passed Disks.MyDiskLaws.{law}", result.Output, StringComparison.Ordinal));
    }

    private static ShResult Run(string sample, string arguments = "", string environment = "") =>
        Sh.Run($"{environment} exec dotnet {UnikernelProcess.PathOf(sample)} {arguments}");

    private static string FourTimes(string line) => string.Concat(Enumerable.Repeat($"{line}\n", 4));
}
