namespace Mirage.Testing;

/// <summary>What a <see cref="FlowOperation"/> does.</summary>
internal enum FlowStep
{
    /// <summary>Writes bytes.</summary>
    Write,

    /// <summary>Reads, and leaves what is not consumed to be read again at once.</summary>
    Read,

    /// <summary>Reads, and looks at all of it.</summary>
    Examine,

    /// <summary>Ends the stream.</summary>
    End,
}
