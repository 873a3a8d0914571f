using LanguageExt;

namespace Mirage.Storage;

/// <summary>The one who writes: changes are made in the order in which they are asked for, and those that come while a
/// commit is under way share the next one.</summary>
internal sealed class CowWriter(CowPages pages, CowValues values, CowMap map, CowCommit commit, CowRoots roots,
    TimeProvider time)
{
    // Removing what lies scattered changes many leaves and frees few, until it is durable: a leaf tells of some sixty
    // pages.
    private const int ReserveMin = 8, ReserveShare = 64;

    // A commit has no more changes and drafts than this, unless a single change needs more.
    private const int ChangesMax = 256, DraftsMax = 4096;

    private readonly Queue<Request> _waiting = new();
    private Task _running = Task.CompletedTask;

    /// <summary>Ends when nothing is left to be written.</summary>
    public Task Idle => _running;

    /// <summary>Pages that are kept for removing what is there.</summary>
    public long Reserve { get; } = Math.Max(ReserveMin, pages.Layout.DataPages / ReserveShare);

    /// <summary>Makes all the changes durable, or none.</summary>
    public ValueTask<Either<KvWriteError, Unit>> Change(IReadOnlyList<KvChange> changes, CowStaged? staged = null)
    {
        if (commit.IsInDoubt)
        {
            map.Release(staged?.Taken ?? []);
            return new(new KvWriteError.ReadOnly());
        }

        var request = new Request(changes, staged);
        _waiting.Enqueue(request);
        if (_running.IsCompleted)
            _running = Run();
        return new(request.Done.Task);
    }

    private async Task Run()
    {
        var served = new List<(Request Request, KvWriteError? Error)>();
        while (_waiting.Count > 0)
        {
            try
            {
                await Serve(served);
            }
            catch (Exception mistake)
            {
                // A device that throws in a commit breaks its signature: whoever has a part in it is told, and nobody
                // waits for ever.
                commit.Doubt();
                foreach (var (request, _) in served)
                    request.Done.SetException(mistake);
                served.Clear();
            }

            foreach (var (request, error) in served)
                request.Done.SetResult(error is null ? Unit.Default : error);
            served.Clear();
        }
    }

    // One commit.
    private async ValueTask Serve(List<(Request Request, KvWriteError? Error)> served)
    {
        var transaction = new CowTransaction(roots.Newest.Slot);
        while (served.Count < ChangesMax && transaction.Drafts < DraftsMax && _waiting.TryPeek(out var request))
        {
            KvWriteError? error;
            try
            {
                error = commit.IsInDoubt ? new KvWriteError.ReadOnly() : await Make(transaction, request);
            }
            catch (Exception mistake)
            {
                // Nothing of it is in the transaction: it is nobody else's.
                _waiting.Dequeue().Done.SetException(mistake);
                continue;
            }

            // The commit may give it the pages that it has not.
            if (error is KvWriteError.NoSpace && transaction.Freed.Count > 0)
                break;
            served.Add((_waiting.Dequeue(), error));
            if (error is not null)
                map.Release(request.Staged?.Taken ?? []);
        }

        if (!transaction.IsChanged)
            return;
        var before = roots.Newest;
        if ((await commit.Write(before.Slot, transaction, Now)).Failed(out var fault, out var slot))
        {
            foreach (var (index, (request, error)) in served.Index().ToArray())
                served[index] = (request, error ?? fault.OfChange(request.Key));
            return;
        }

        roots.Replace(new CowRoot(slot, new CowTree(pages, values, slot.Root)), transaction.Freed);
    }

    private async ValueTask<KvWriteError?> Make(CowTransaction transaction, Request request)
    {
        var isRemoval = request.Changes.All(static change => change is KvChange.Remove or KvChange.Require);
        var spare = isRemoval && request.Staged is null ? 0 : Reserve;
        var edit = new CowEdit(pages, transaction.Root, transaction.NextId, transaction.Generation);
        var changes = new CowChanges(edit, values, map, Now, spare + transaction.Drafts);
        KvWriteError? error = null;
        try
        {
            foreach (var change in request.Changes)
            {
                error = request.Staged is { } staged
                    ? await changes.Set(request.Key, staged)
                    : await changes.Apply(change);
                if (error is not null)
                    break;
            }
        }
        catch
        {
            map.Release(request.Staged?.Taken ?? edit.Taken);
            throw;
        }

        if (error is null && map.Free < transaction.Drafts + edit.Drafts + spare)
            error = new KvWriteError.NoSpace(request.Key);
        if (error is null)
            transaction.Add(edit);
        else if (request.Staged is null)
            map.Release(edit.Taken);
        return error;
    }

    private long Now => time.GetUtcNow().UtcTicks;

    /// <param name="Changes">What is asked for.</param>
    /// <param name="Staged">The value of the one change, a set, when it is on the device already.</param>
    private sealed record Request(IReadOnlyList<KvChange> Changes, CowStaged? Staged)
    {
        // What follows runs at once: as a work item it could leave the loop.
        public TaskCompletionSource<Either<KvWriteError, Unit>> Done { get; } = new();

        /// <summary>What an error of the store as a whole is said of.</summary>
        public KvKey Key => Changes.Count == 0 ? KvKey.Root : KvTreeChanges.Target(Changes[^1]);
    }
}
