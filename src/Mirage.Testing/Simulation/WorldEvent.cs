namespace Mirage.Testing;

/// <summary>Something that will happen in a world.</summary>
internal abstract class WorldEvent
{
    public abstract void Occur();
}
