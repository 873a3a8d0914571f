namespace Mirage;

/// <summary>What a link answers when it cannot do what it was asked.</summary>
public abstract record NetworkError
{
    private NetworkError() { }

    /// <summary>The port is taken by another program.</summary>
    public sealed record PortInUse(Endpoint Endpoint) : NetworkError
    {
        /// <inheritdoc/>
        public override string ToString() => $"{Endpoint} is in use by another program";
    }

    /// <summary>The host does not let this program have the port.</summary>
    public sealed record PermissionDenied(Endpoint Endpoint) : NetworkError
    {
        /// <inheritdoc/>
        public override string ToString() => $"no right to open {Endpoint}";
    }

    /// <summary>Any other refusal of the host.</summary>
    public sealed record Unavailable(string Reason) : NetworkError
    {
        /// <inheritdoc/>
        public override string ToString() => Reason;
    }
}
