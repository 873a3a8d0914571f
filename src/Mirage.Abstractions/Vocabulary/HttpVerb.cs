namespace Mirage;

/// <summary>The methods of RFC 9110 section 9.3 and RFC 5789. Methods are case-sensitive: <c>get</c> is
/// <see cref="Other"/>.</summary>
public enum HttpVerb
{
    /// <summary>A method that has no name here; its bytes are in the request.</summary>
    Other,

    /// <summary>Transfer the representation.</summary>
    Get,

    /// <summary>As GET, without the content.</summary>
    Head,

    /// <summary>Process the content.</summary>
    Post,

    /// <summary>Replace the representation.</summary>
    Put,

    /// <summary>Remove the representation.</summary>
    Delete,

    /// <summary>Open a tunnel; a server of this library answers 501 itself.</summary>
    Connect,

    /// <summary>Describe how to communicate with the target.</summary>
    Options,

    /// <summary>Send the request back.</summary>
    Trace,

    /// <summary>Apply the content as a change, RFC 5789.</summary>
    Patch,
}
