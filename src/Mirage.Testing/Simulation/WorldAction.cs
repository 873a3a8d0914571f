namespace Mirage.Testing;

/// <summary>An action of whoever made the world, at its time.</summary>
internal sealed class WorldAction(Action action) : WorldEvent
{
    public override void Occur() => action();
}
