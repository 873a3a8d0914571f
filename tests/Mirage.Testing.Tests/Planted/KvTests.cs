using LanguageExt;
using Mirage.Storage;

namespace Mirage.Testing.Tests;

public class KvTests
{
    [Fact]
    public void SoundStore_LawsThatCatchTheBugs_Hold()
    {
        var laws = new Laws<Sound>();
        laws.D3_UseAfterDisconnectIsAnError();
        laws.K4_SetTakesACopy();
        laws.K10_PartIsASliceOfTheValue();
        laws.K11_PartialSetsAgreeWithTheModel();
        laws.K13_DigestsAreEqualForEqualBytesAlone();
        laws.K15_ListHasTheChildrenInOrder();
        laws.K17_RemoveTakesWhatLiesBelowAlone();
        laws.K19_RenameIsSeenAsOne();
        laws.K19_RenamesAgreeWithTheModel();
        laws.K21_AllocationsAgreeWithTheModel();
        laws.K31_OneOfTheSetsAtOnceWinsWhole();
    }

    [Fact]
    public void RenameThatIsNotAtomic_IsCaught() =>
        Assert.Equal("neither is there", Caught.By("K19", new Laws<RenamesInSteps>().K19_RenameIsSeenAsOne).Seen);

    [Fact]
    public void RenameThatLosesTheSource_IsCaughtAndShrunkToTwoOperations()
    {
        var failure = Caught.By("K19", new Laws<RenameLoses>().K19_RenamesAgreeWithTheModel);
        Assert.Equal(3, failure.Operations.Count); // A set, the rename, and the look that shows it.
        Assert.StartsWith("Set /", failure.Operations[0], StringComparison.Ordinal);
        Assert.StartsWith("Rename /", failure.Operations[1], StringComparison.Ordinal);
    }

    [Fact]
    public void RemoveThatTakesWhatBeginsWithItsLetters_IsCaughtAndShrunk()
    {
        var failure = Caught.By("K17", new Laws<RemovesByLetters>().K17_RemoveTakesWhatLiesBelowAlone);
        Assert.Equal(
            ["Remove /a"], failure.Operations.Where(text => text.StartsWith("Remove", StringComparison.Ordinal)));
        Assert.True(failure.Operations.Count <= 4, failure.Message);
    }

    [Fact]
    public void ListOutOfOrder_IsCaught() =>
        Caught.By("K15", new Laws<ListsBackwards>().K15_ListHasTheChildrenInOrder);

    [Fact]
    public void PartPastTheEndThatFails_IsCaught() =>
        Caught.By("K10", new Laws<FailsPastTheEnd>().K10_PartIsASliceOfTheValue);

    [Fact]
    public void DigestThatHasTheKeyInIt_IsCaught() =>
        Caught.By("K13", new Laws<DigestsTheKey>().K13_DigestsAreEqualForEqualBytesAlone);

    [Fact]
    public void SetThatKeepsTheCallersBuffer_IsCaught() =>
        Caught.By("K4", new Laws<KeepsTheBuffer>().K4_SetTakesACopy);

    [Fact]
    public void PartialSetThatFillsTheGap_IsCaught() =>
        Caught.By("K11", new Laws<FillsTheGap>().K11_PartialSetsAgreeWithTheModel);

    [Fact]
    public void AllocationThatOverwrites_IsCaught() =>
        Caught.By("K21", new Laws<AllocatesAnyway>().K21_AllocationsAgreeWithTheModel);

    [Fact]
    public void SetThatIsTorn_IsCaught() =>
        Caught.By("K31", new Laws<SetsInHalves>().K31_OneOfTheSetsAtOnceWinsWhole);

    [Fact]
    public void StoreThatAnswersWhenItIsDisconnected_IsCaught() =>
        Assert.Equal(4, Caught.By("D3", new Laws<NeverDisconnects>().D3_UseAfterDisconnectIsAnError).Operations.Count);

    private sealed class Laws<TBug> : KvRwLaws<PlantedKv<TBug>> where TBug : IKvBug;

    private sealed class Sound : IKvBug;

    private sealed class RenamesInSteps : IKvBug
    {
        public static async ValueTask<Either<KvWriteError, Unit>> Rename(
            PlantedStore store, KvKey source, KvKey destination)
        {
            var bytes = (await KvMem.Get(store.Kv, source)).RightToList().Single();
            await KvMem.Remove(store.Kv, source);
            await Task.Delay(TimeSpan.FromMilliseconds(3), store.Host.Time);
            return await KvMem.Set(store.Kv, destination, bytes);
        }
    }

    private sealed class RenameLoses : IKvBug
    {
        public static async ValueTask<Either<KvWriteError, Unit>> Rename(
            PlantedStore store, KvKey source, KvKey destination)
        {
            var outcome = await KvMem.Rename(store.Kv, source, destination);
            return source != destination && outcome.IsRight ? await KvMem.Remove(store.Kv, destination) : outcome;
        }
    }

    private sealed class RemovesByLetters : IKvBug
    {
        public static async ValueTask<Either<KvWriteError, Unit>> Remove(PlantedStore store, KvKey key)
        {
            var siblings = (await KvMem.List(store.Kv, key.Parent)).RightToList().SelectMany(static list => list);
            foreach (var (sibling, _) in siblings)
            {
                if (sibling.Basename.StartsWith(key.Basename, StringComparison.Ordinal))
                    await KvMem.Remove(store.Kv, sibling);
            }

            return Prelude.unit;
        }
    }

    private sealed class ListsBackwards : IKvBug
    {
        public static async ValueTask<Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>>> List(
            PlantedStore store, KvKey key) => (await KvMem.List(store.Kv, key)).Map(
                static list => (IReadOnlyList<(KvKey Key, KvKind Kind)>)[.. list.Reverse()]);
    }

    private sealed class FailsPastTheEnd : IKvBug
    {
        public static async ValueTask<Either<KvError, ReadOnlyMemory<byte>>> GetPartial(
            PlantedStore store, KvKey key, long offset, int length)
        {
            var size = await KvMem.Size(store.Kv, key);
            return size.IsRight && size < offset
                ? new KvError.Storage(key, "beyond the end")
                : await KvMem.GetPartial(store.Kv, key, offset, length);
        }
    }

    private sealed class DigestsTheKey : IKvBug
    {
        public static async ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Digest(PlantedStore store, KvKey key) =>
            (await KvMem.Digest(store.Kv, key)).Map(digest =>
            {
                var mixed = digest.ToArray();
                mixed[0] ^= (byte)key.Basename[^1];
                return (ReadOnlyMemory<byte>)mixed;
            });
    }

    private sealed class KeepsTheBuffer : IKvBug
    {
        public static ValueTask<Either<KvWriteError, Unit>> Set(
            PlantedStore store, KvKey key, ReadOnlyMemory<byte> value)
        {
            store.Buffers[key] = value;
            return KvMem.Set(store.Kv, key, value);
        }

        public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Get(PlantedStore store, KvKey key) =>
            store.Buffers.TryGetValue(key, out var buffer) ? new(buffer) : KvMem.Get(store.Kv, key);
    }

    private sealed class FillsTheGap : IKvBug
    {
        public static async ValueTask<Either<KvWriteError, Unit>> SetPartial(
            PlantedStore store, KvKey key, long offset, ReadOnlyMemory<byte> value)
        {
            var size = (await KvMem.Size(store.Kv, key)).RightToList().SingleOrDefault();
            return offset <= size
                ? await KvMem.SetPartial(store.Kv, key, offset, value)
                : await KvMem.SetPartial(store.Kv, key, size, new byte[offset - size + value.Length]);
        }
    }

    private sealed class AllocatesAnyway : IKvBug
    {
        public static async ValueTask<Either<KvWriteError, Unit>> Allocate(PlantedStore store, KvKey key, long size)
        {
            var outcome = await KvMem.Allocate(store.Kv, key, size);
            return outcome.IsLeft ? await KvMem.Set(store.Kv, key, new byte[size]) : outcome;
        }
    }

    private sealed class SetsInHalves : IKvBug
    {
        public static async ValueTask<Either<KvWriteError, Unit>> Set(
            PlantedStore store, KvKey key, ReadOnlyMemory<byte> value)
        {
            await KvMem.Set(store.Kv, key, value[..(value.Length / 2)]);
            await Task.Yield();
            return await KvMem.SetPartial(store.Kv, key, value.Length / 2, value[(value.Length / 2)..]);
        }
    }

    private sealed class NeverDisconnects : IKvBug
    {
        public static async ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Get(PlantedStore store, KvKey key)
        {
            var answer = await KvMem.Get(store.Kv, key);
            return answer.LeftToList().SingleOrDefault() is KvError.Disconnected ? ReadOnlyMemory<byte>.Empty : answer;
        }
    }
}
