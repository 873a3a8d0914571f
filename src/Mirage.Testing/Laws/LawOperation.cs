namespace Mirage.Testing;

/// <summary>One operation of a generated list: it is done to the device and to the model, and the two are
/// compared.</summary>
/// <remarks>Any part of a list is a list: an operation that makes no sense as the model stands does not
/// <see cref="Applies"/> and is left out.</remarks>
/// <typeparam name="TDevice">The device under test.</typeparam>
/// <typeparam name="TModel">What the device should be, in memory.</typeparam>
public abstract record LawOperation<TDevice, TModel>
{
    /// <summary>The operation for a reader, as <c>Write sector 3, 2 sectors, pattern 17</c>.</summary>
    public abstract string Text { get; }

    /// <summary>Whether it can be done as the model stands.</summary>
    public virtual bool Applies(TModel model) => true;

    /// <summary>Does it to both, and tells <paramref name="run"/> what differs.</summary>
    public abstract ValueTask Run(LawRun run, TDevice device, TModel model);

    /// <summary>Simpler ones to try in its place when a failure is made readable.</summary>
    public virtual IEnumerable<LawOperation<TDevice, TModel>> Shrink() => [];

    /// <summary><see cref="Text"/>.</summary>
    public sealed override string ToString() => Text;
}
