using SharpFuzz;

namespace Mirage.Fuzz;

/// <summary>Takes the inputs that AFL++ makes, in a child that it may end.</summary>
internal static class AflInput
{
    public static int Run(FuzzTarget target)
    {
        Fuzzer.OutOfProcess.Run(stream =>
        {
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            if (FuzzLoop.Try(target, bytes.ToArray()) is { } error)
                throw error;
        });
        return 0;
    }
}
