using Microsoft.Win32.SafeHandles;

namespace Mirage.Unix;

/// <summary>A file that is written and has no name of its own yet.</summary>
/// <param name="name">What it is called in <see cref="TemporaryFiles"/>.</param>
/// <param name="handle">Open, and this one's from now on.</param>
internal sealed class NewFile(string name, SafeFileHandle handle) : IDisposable
{
    public string Name => name;

    /// <summary>Bytes that were written.</summary>
    public long Length { get; set; }

    public int Descriptor => (int)handle.DangerousGetHandle();

    public void Dispose() => handle.Dispose();
}
