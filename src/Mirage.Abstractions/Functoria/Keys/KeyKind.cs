namespace Mirage;

/// <summary>How often a key is given, and what holds when it is not.</summary>
internal enum KeyKind
{
    /// <summary>At most once; there is a default.</summary>
    Optional,

    /// <summary>Once.</summary>
    Required,

    /// <summary>At most once, usually without a value.</summary>
    Flag,

    /// <summary>Any number of times.</summary>
    Repeated,
}
