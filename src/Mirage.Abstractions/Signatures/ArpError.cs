namespace Mirage;

/// <summary>Why an address was not resolved.</summary>
public abstract record ArpError
{
    private ArpError() { }

    /// <summary>Nobody answered the last of the requests.</summary>
    public sealed record Timeout(IpAddress Target) : ArpError
    {
        /// <inheritdoc/>
        public override string ToString() => $"nobody on the link answers for {Target}";
    }

    /// <summary>More addresses are being asked for than the table holds.</summary>
    public sealed record TableFull : ArpError
    {
        /// <inheritdoc/>
        public override string ToString() => "too many addresses are being resolved";
    }
}
