namespace Mirage;

/// <summary>The node of a device: its type.</summary>
internal sealed class DeviceNode<T> : Impl<T> where T : IDevice<T>
{
    public override string Label => TypeName(typeof(T));

    public override IReadOnlyList<INode> Needs => [T.Impl];

    internal override ValueTask<T> Make(Boot boot) => boot.Connect<T>();

    private static string TypeName(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(", ", type.GetGenericArguments().Select(TypeName))}>"
        : type.Name;
}
