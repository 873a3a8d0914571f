namespace Mirage.Storage;

/// <summary>Work that goes on one after another, in the order in which it was asked for.</summary>
internal sealed class Turns
{
    private Task _last = Task.CompletedTask;

    /// <summary>Ends when all that was asked for so far is over.</summary>
    public Task Last => _last;

    /// <summary>Does <paramref name="work"/> when all that was asked for before is over.</summary>
    public async ValueTask<T> Take<T>(Func<ValueTask<T>> work)
    {
        var (before, own) = (_last, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _last = own.Task;
        await before;
        try
        {
            return await work();
        }
        finally
        {
            own.SetResult();
        }
    }
}
