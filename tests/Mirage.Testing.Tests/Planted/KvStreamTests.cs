using System.IO.Pipelines;
using LanguageExt;
using Mirage.Storage;

namespace Mirage.Testing.Tests;

/// <summary>Stores with bugs in what they do a piece at a time, under conditions and as one.</summary>
public class KvStreamTests
{
    [Fact]
    public void SoundStore_LawsThatCatchTheBugs_Hold()
    {
        var laws = new Laws<Sound>();
        laws.K4_StreamedSetThatFailsChangesNothing();
        laws.K8_ReadGivesTheValueOrSaysWhyNot();
        laws.K8_ReadEndsWithItsReader();
        laws.K15_RangeIsAPartOfTheList();
        laws.K15_PagesMakeUpTheList();
        laws.K31_StreamIsOfOneVersion();
        laws.K31_StreamedSetIsSeenAsOne();
        laws.K33_BatchesAgreeWithTheModel();
        laws.K33_BatchIsSeenAsOne();
        laws.K33_RefusedBatchLeavesNoTrace();
        laws.K34_ConditionalSetsAgreeWithTheModel();
        laws.K34_NoCountIsLost();
        laws.K34_OneOfTheSetsAtOnceFindsTheKeyAbsent();
    }

    [Fact]
    public void ReadByParts_MixesVersionsAndIsCaught() =>
        Caught.By("K31", new Laws<ReadsByParts>().K31_StreamIsOfOneVersion);

    [Fact]
    public void ReadWhoseReaderHasLeft_IsCaughtWhenItFails() =>
        Caught.By("K8", new Laws<FailsWithoutReader>().K8_ReadEndsWithItsReader);

    [Fact]
    public void RangeWithItsEnd_IsCaught() =>
        Caught.By("K15", new Laws<ListsTheEndToo>().K15_RangeIsAPartOfTheList);

    [Fact]
    public void PageThatBeginsOneTooLate_IsCaught() =>
        Caught.By("K15", new Laws<SkipsTheFirst>().K15_PagesMakeUpTheList);

    [Fact]
    public void WriteThatGrowsTheValueInItsPlace_IsCaughtByBothLaws()
    {
        Caught.By("K31", new Laws<WritesInPlace>().K31_StreamedSetIsSeenAsOne);
        Caught.By("K4", new Laws<WritesInPlace>().K4_StreamedSetThatFailsChangesNothing);
    }

    [Fact]
    public void ConditionThatIsNotAskedFor_IsCaught() =>
        Caught.By("K34", new Laws<SetsAnyway>().K34_ConditionalSetsAgreeWithTheModel);

    [Fact]
    public void LookBeforeASet_IsCaughtByBothLaws()
    {
        Caught.By("K34", new Laws<LooksBefore>().K34_NoCountIsLost);
        Caught.By("K34", new Laws<LooksBefore>().K34_OneOfTheSetsAtOnceFindsTheKeyAbsent);
    }

    [Fact]
    public void BatchThatGoesChangeByChange_IsCaughtByEveryLaw()
    {
        var failure = Caught.By("K33", new Laws<ChangesOneByOne>().K33_BatchesAgreeWithTheModel);
        Assert.Equal(2, failure.Operations.Count); // The batch and the look that shows it.
        Caught.By("K33", new Laws<ChangesOneByOne>().K33_BatchIsSeenAsOne);
        Caught.By("K33", new Laws<ChangesOneByOne>().K33_RefusedBatchLeavesNoTrace);
    }

    private sealed class Laws<TBug> : KvBatchLaws<PlantedKv<TBug>> where TBug : IKvBug;

    private sealed class Sound : IKvBug;

    private sealed class ReadsByParts : IKvBug
    {
        public static async ValueTask<Either<KvError, Unit>> Read(
            PlantedStore store, KvKey key, PipeWriter destination, CancellationToken cancellation)
        {
            const int Step = 5000;
            for (var offset = 0L; ; offset += Step)
            {
                var part = await KvMem.GetPartial(store.Kv, key, offset, Step);
                if (part.Case is not ReadOnlyMemory<byte> { IsEmpty: false } bytes)
                    return part.Map(static _ => Unit.Default);
                await destination.WriteAsync(bytes, cancellation);
            }
        }
    }

    private sealed class FailsWithoutReader : IKvBug
    {
        public static async ValueTask<Either<KvError, Unit>> Read(
            PlantedStore store, KvKey key, PipeWriter destination, CancellationToken cancellation)
        {
            var value = await KvMem.Get(store.Kv, key);
            if (value.Case is not ReadOnlyMemory<byte> bytes)
                return value.Map(static _ => Unit.Default);
            return (await destination.WriteAsync(bytes, cancellation)).IsCompleted
                ? new KvError.Storage(key, "nobody reads")
                : Unit.Default;
        }
    }

    private sealed class ListsTheEndToo : IKvBug
    {
        public static ValueTask<Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>>> List(
            PlantedStore store, KvKey key, KvRange range) =>
            KvMem.List(store.Kv, key, range with { To = range.To is null ? null : range.To + "\0" });
    }

    private sealed class SkipsTheFirst : IKvBug
    {
        public static async ValueTask<Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>>> List(
            PlantedStore store, KvKey key, KvRange range) => (await KvMem.List(store.Kv, key, range)).Map(
                names => range.From is null ? names : [.. names.Skip(1)]);
    }

    private sealed class WritesInPlace : IKvBug
    {
        public static async ValueTask<Either<KvWriteError, Unit>> Write(
            PlantedStore store, KvKey key, PipeReader source, CancellationToken cancellation)
        {
            var outcome = await KvMem.Set(store.Kv, key, ReadOnlyMemory<byte>.Empty);
            while (outcome.IsRight)
            {
                var read = await source.ReadAsync(cancellation);
                foreach (var piece in read.Buffer)
                    outcome = await KvMem.SetPartial(store.Kv, key, long.MaxValue, piece);
                source.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                    break;
            }

            return outcome;
        }
    }

    private sealed class SetsAnyway : IKvBug
    {
        public static ValueTask<Either<KvWriteError, Unit>> SetIf(
            PlantedStore store, KvKey key, KvCondition condition, ReadOnlyMemory<byte> value) =>
            KvMem.Set(store.Kv, key, value);
    }

    private sealed class LooksBefore : IKvBug
    {
        public static async ValueTask<Either<KvWriteError, Unit>> SetIf(
            PlantedStore store, KvKey key, KvCondition condition, ReadOnlyMemory<byte> value)
        {
            var look = await KvMem.Batch(store.Kv, [new KvChange.Require(key, condition)]);
            await Task.Delay(TimeSpan.FromMilliseconds(1), store.Host.Time);
            return look.IsLeft ? look : await KvMem.Set(store.Kv, key, value);
        }
    }

    private sealed class ChangesOneByOne : IKvBug
    {
        public static async ValueTask<Either<KvWriteError, Unit>> Batch(
            PlantedStore store, IReadOnlyList<KvChange> changes)
        {
            foreach (var change in changes)
            {
                var outcome = await KvMem.Batch(store.Kv, [change]);
                if (outcome.IsLeft)
                    return outcome;
                await Task.Delay(TimeSpan.FromMilliseconds(1), store.Host.Time);
            }

            return Unit.Default;
        }
    }
}
