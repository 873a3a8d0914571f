using SharpFuzz;

namespace Mirage.Fuzz;

/// <summary>Takes the inputs that AFL++ makes, in a child that it may end.</summary>
internal static class AflInput
{
    /// <remarks>Instrumented assemblies must not be touched before AFL's memory is there: the target is looked up with
    /// the first input.</remarks>
    public static int Run(string name)
    {
        FuzzTarget? target = null;
        Fuzzer.OutOfProcess.Run(stream =>
        {
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            target ??= FuzzTargets.Find(name)!;
            if (FuzzLoop.Try(target, bytes.ToArray()) is { } error)
                throw error;
        });
        return 0;
    }
}
