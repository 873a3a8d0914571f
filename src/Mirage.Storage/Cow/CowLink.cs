namespace Mirage.Storage;

/// <summary>A node: on its page, or a draft that no page has yet. <c>default</c> is none.</summary>
internal readonly record struct CowLink(CowPointer Pointer, CowDraft? Draft)
{
    public bool IsNone => Pointer.IsNone && Draft is null;

    public static implicit operator CowLink(CowDraft draft) => new(default, draft);

    public static implicit operator CowLink(CowPointer pointer) => new(pointer, null);
}
