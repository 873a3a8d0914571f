namespace Mirage;

/// <summary>A device without its type argument.</summary>
internal interface IDeviceNode : INode
{
    /// <summary>The closed type: the identity of the device in a boot.</summary>
    Type Type { get; }

    /// <summary>The group of its keys; empty for none.</summary>
    string Group { get; }

    /// <summary>How the device is made. Builds the value anew at each call.</summary>
    INode Describe();
}
