namespace Mirage;

/// <summary>A parameter of a boot, parsed before any device is connected.</summary>
public sealed class Key<T> : Impl<T> where T : ISpanParsable<T>
{
    private readonly string _name;
    private readonly T _fallback;
    private readonly string _doc;

    internal Key(string name, T fallback, string doc) => (_name, _fallback, _doc) = (name, fallback, doc);

    /// <inheritdoc/>
    public override string Label => $"--{_name}={_fallback}  {_doc}";

    /// <inheritdoc/>
    public override IReadOnlyList<INode> Needs => [];

    internal override ValueTask<T> Make(Boot boot) =>
        new(boot.Argument(_name) is { } text ? T.Parse(text, null) : _fallback);
}
