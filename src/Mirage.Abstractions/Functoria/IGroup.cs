namespace Mirage;

/// <summary>A tag that tells two of a kind apart: <c>Bell&lt;Front&gt;</c> beside <c>Bell&lt;Back&gt;</c>.</summary>
public interface IGroup
{
    /// <summary>
    /// What prefixes the names of the device's keys, in lower case: <c>management</c> gives <c>--management-ipv4</c>.
    /// </summary>
    static abstract string Name { get; }
}
