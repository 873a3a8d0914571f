namespace Mirage;

/// <summary>How an arrow of a diagram is drawn.</summary>
internal enum DiagramEdge
{
    /// <summary>What a device is made from.</summary>
    Need,

    /// <summary>The branch of a choice that the boot takes.</summary>
    Taken,

    /// <summary>A branch of a choice that the boot does not take.</summary>
    NotTaken,
}
