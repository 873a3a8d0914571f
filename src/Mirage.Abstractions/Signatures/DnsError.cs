namespace Mirage;

/// <summary>Why a name has no address.</summary>
public abstract record DnsError
{
    private DnsError() { }

    /// <summary>The name does not exist, RFC 1035 response code 3.</summary>
    public sealed record NoSuchName(string Name) : DnsError
    {
        /// <inheritdoc/>
        public override string ToString() => $"{Name} does not exist";
    }

    /// <summary>The name exists and has no address.</summary>
    public sealed record NoAddress(string Name) : DnsError
    {
        /// <inheritdoc/>
        public override string ToString() => $"{Name} has no address";
    }

    /// <summary>No server answered in time.</summary>
    public sealed record Timeout(string Name) : DnsError
    {
        /// <inheritdoc/>
        public override string ToString() => $"no name server answers about {Name}";
    }

    /// <summary>The text is no domain name.</summary>
    public sealed record BadName(string Name) : DnsError
    {
        /// <inheritdoc/>
        public override string ToString() => $"'{Name}' is no domain name";
    }

    /// <summary>A server answered with a failure.</summary>
    public sealed record ServerFailure(string Name, int ResponseCode) : DnsError
    {
        /// <inheritdoc/>
        public override string ToString() => $"the name server failed on {Name} with code {ResponseCode}";
    }
}
