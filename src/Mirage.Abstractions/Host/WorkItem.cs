namespace Mirage;

/// <summary>A callback with its argument, of either type that callbacks have, so that neither is wrapped in the
/// other.</summary>
internal readonly struct WorkItem
{
    private readonly Action<object?>? _action;
    private readonly SendOrPostCallback? _continuation;
    private readonly object? _state;

    public WorkItem(Action<object?> action, object? state) => (_action, _state) = (action, state);

    public WorkItem(SendOrPostCallback continuation, object? state) => (_continuation, _state) = (continuation, state);

    public void Run()
    {
        if (_continuation is not null)
            _continuation(_state);
        else
            _action!(_state);
    }
}
