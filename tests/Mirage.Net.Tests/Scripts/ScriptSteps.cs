using Mirage.Testing;
using static Mirage.Testing.PacketVocabulary;

namespace Mirage.Net.Tests;

/// <summary>How scripts begin.</summary>
internal static class ScriptSteps
{
    public const int Mss = 1000;

    /// <summary>The peer connects to port 80, with segments of 1,000 bytes and a window of 30,000.</summary>
    public static async Task<ScriptFlow> Establish(this PacketScript script)
    {
        await using var listener = script.Listen();
        script.Inject(Syn().Mss(Mss).Window(30_000));
        await script.Expect(SynAck());
        script.Inject(Ack(1, 1).Window(30_000));
        return await listener.Accept();
    }
}
