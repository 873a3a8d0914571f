using System.IO.Pipelines;

namespace Mirage.Testing.Tests;

/// <summary>A connection that is written through a planted writer.</summary>
internal class PlantedFlow(IFlow inner, PipeWriter output) : IFlow
{
    public Endpoint Local => inner.Local;

    public Endpoint Remote => inner.Remote;

    public PipeReader Input => inner.Input;

    public PipeWriter Output => output;

    public virtual void Abort() => inner.Abort();

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
