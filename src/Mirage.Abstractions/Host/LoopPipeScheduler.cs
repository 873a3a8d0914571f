using System.IO.Pipelines;

namespace Mirage;

/// <summary>Runs the continuations of pipes on the loop.</summary>
internal sealed class LoopPipeScheduler(EventLoop loop) : PipeScheduler
{
    public override void Schedule(Action<object?> action, object? state) => loop.Post(action, state);
}
