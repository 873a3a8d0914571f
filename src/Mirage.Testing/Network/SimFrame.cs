namespace Mirage.Testing;

/// <summary>A frame under way to a port. Its memory is used again.</summary>
internal sealed class SimFrame(SimNet net) : WorldEvent
{
    private byte[] _bytes = new byte[1600];
    private SimPort? _from;
    private SimPort? _to;

    public int Length { get; private set; }

    public Span<byte> Bytes => _bytes.AsSpan(0, Length);

    public void Load(SimPort from, SimPort to, ReadOnlySpan<byte> bytes)
    {
        if (_bytes.Length < bytes.Length)
            _bytes = new byte[bytes.Length];
        (Length, _from, _to) = (bytes.Length, from, to);
        bytes.CopyTo(_bytes);
    }

    public override void Occur()
    {
        if (_to!.TryEnqueue(this))
            net.World.Trace.Frame(_from!, _to, "arrives", Bytes);
        else
            net.Lose(_from!, _to, SimNet.Unheard, this);
    }
}
