namespace Mirage.Net.Tests;

/// <summary>What the handlers of ports were called for, by name.</summary>
internal sealed class Heard
{
    public List<string> Lines { get; } = [];

    public Handler As(string name) => new(this, name);

    /// <summary>What was heard since the last call.</summary>
    public string[] Take()
    {
        string[] lines = [.. Lines];
        Lines.Clear();
        return lines;
    }

    internal readonly struct Handler(Heard heard, string name) : IDatagramHandler
    {
        public void Input(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload) =>
            heard.Lines.Add($"{name} {Convert.ToHexString(payload)}");

        public void Unreachable(Endpoint destination, IcmpUnreachable reason) =>
            heard.Lines.Add($"{name} {destination} {reason}");

        public void Closed() => heard.Lines.Add($"{name} closed");
    }
}
