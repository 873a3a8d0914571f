namespace Mirage;

/// <summary>Why an echo had no reply.</summary>
public abstract record IcmpError
{
    private IcmpError() { }

    /// <summary>No address or gateway leads to the destination.</summary>
    public sealed record NoRoute(IpAddress Destination) : IcmpError
    {
        /// <inheritdoc/>
        public override string ToString() => $"no route to {Destination}";
    }

    /// <summary>The request could not be sent.</summary>
    public sealed record NotSent(WriteStatus Status) : IcmpError
    {
        /// <inheritdoc/>
        public override string ToString() => $"the request was not sent: {Status}";
    }

    /// <summary>The device was disconnected first.</summary>
    public sealed record Closed : IcmpError
    {
        /// <inheritdoc/>
        public override string ToString() => "the device is disconnected";
    }
}
