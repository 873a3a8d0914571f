using LanguageExt;

namespace Mirage;

/// <summary>A node that connects what another one describes, and may fail.</summary>
internal sealed class ConnectNode<T>(Impl<ValueTask<Either<ConnectError, T>>> needs) : Impl<T>, IEffectNode
{
    public override string? Label => null;

    public override IReadOnlyList<INode> Needs => [needs];

    internal override async ValueTask<T> Make(Connector connector) =>
        (await await needs.Make(connector)).IfLeft(static error => throw new ConnectException(error));
}
