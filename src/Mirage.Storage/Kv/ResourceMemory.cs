using System.Buffers;
using System.Reflection;

namespace Mirage.Storage;

/// <summary>The bytes of an embedded resource where the loader mapped them: nothing is copied, and what is not read
/// stays on disk.</summary>
internal sealed unsafe class ResourceMemory : MemoryManager<byte>
{
    private readonly UnmanagedMemoryStream _stream; // Keeps the image mapped.
    private readonly byte* _bytes;
    private readonly int _length;

    private ResourceMemory(UnmanagedMemoryStream stream)
    {
        _stream = stream;
        _bytes = stream.PositionPointer;
        _length = checked((int)stream.Length);
    }

    /// <summary>The resource of that name, which the assembly lists.</summary>
    public static ReadOnlyMemory<byte> Open(Assembly assembly, string name)
    {
        var stream = assembly.GetManifestResourceStream(name)
            ?? throw new FileNotFoundException("The assembly lists a resource that it does not have.", name);
        if (stream is UnmanagedMemoryStream mapped)
            return mapped.Length == 0 ? default : new ResourceMemory(mapped).Memory;

        // An assembly that was loaded from elsewhere than a file may give another stream.
        using (stream)
        {
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
    }

    public override Span<byte> GetSpan() => new(_bytes, _length);

    public override MemoryHandle Pin(int elementIndex = 0) => new(_bytes + elementIndex, default, this);

    public override void Unpin() { }

    protected override void Dispose(bool disposing) => _stream.Dispose();
}
