namespace Mirage;

/// <summary>What a link calls for each frame.</summary>
public interface IFrameHandler
{
    /// <summary>Takes a frame, Ethernet header included, that is valid during the call. Throws on no frame.</summary>
    void Input(in ReceivedFrame frame);
}
