using System.Text;

namespace Mirage.Testing;

/// <summary>What a machine prints: kept as text, and told line by line to <paramref name="line"/>.</summary>
internal sealed class SimOutput(Action<string>? line) : StringWriter
{
    private readonly StringBuilder _line = new();

    public override void Write(char value)
    {
        base.Write(value);
        if (line is null)
            return;
        if (value != '\n')
        {
            _line.Append(value);
            return;
        }

        line(_line.ToString());
        _line.Clear();
    }

    public override void Write(string? value)
    {
        foreach (var letter in value ?? "")
            Write(letter);
    }

    public override void Write(ReadOnlySpan<char> buffer)
    {
        foreach (var letter in buffer)
            Write(letter);
    }

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));
}
