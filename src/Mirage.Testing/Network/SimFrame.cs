namespace Mirage.Testing;

/// <summary>A frame under way to a port. Its memory is used again.</summary>
internal sealed class SimFrame(SimNet net) : WorldEvent
{
    private byte[] _bytes = new byte[1600];
    private bool _isUnderWay;
    private SimPort? _from;
    private SimPort? _to;

    public int Length { get; private set; }

    public Span<byte> Bytes => _bytes.AsSpan(0, Length);

    public void Load(SimPort from, SimPort to, ReadOnlySpan<byte> bytes)
    {
        if (_bytes.Length < bytes.Length)
            _bytes = new byte[bytes.Length];
        (Length, _from, _to, _isUnderWay) = (bytes.Length, from, to, true);
        bytes.CopyTo(_bytes);
    }

    /// <summary>The frame is not under way any more: who kept its memory reads what no frame holds.</summary>
    public void End()
    {
        if (!_isUnderWay)
            throw new InvalidOperationException("A frame of a simulated network was given back twice.");
        Bytes.Fill(0xCD);
        _isUnderWay = false;
    }

    public override void Occur()
    {
        if (_to!.TryEnqueue(this))
            net.World.Trace.Frame(_from!, _to, "arrives", Bytes);
        else
            net.Lose(_from!, _to, SimNet.Unheard, this);
    }
}
