using System.Globalization;

namespace Mirage.Testing;

/// <summary>What happened in a script, with times from its start.</summary>
internal sealed class ScriptTranscript(EventLoop loop)
{
    private const int LinesMax = 200; // A failure shows what led to it; the beginning of a long exchange does not.

    private readonly Queue<string> _lines = [];
    private readonly long _startNs = loop.NowNs;

    /// <summary>Notes a line: <c>&lt;</c> went to the stack, <c>&gt;</c> came from it, <c>*</c> is of the
    /// application.</summary>
    public void Add(char direction, object what)
    {
        if (_lines.Count == LinesMax)
            _lines.Dequeue();
        _lines.Enqueue($"{TextOf(loop.NowNs)} {direction} {what}");
    }

    public string TextOf(long timeNs) =>
        ((timeNs - _startNs) / 1e9).ToString("F6", CultureInfo.InvariantCulture).PadLeft(12);

    public override string ToString() => string.Join('\n', _lines);
}
