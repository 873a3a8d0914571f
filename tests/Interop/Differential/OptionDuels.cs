using Mirage.Testing;
using static Mirage.Testing.PacketVocabulary;

namespace Mirage.Interop;

/// <summary>Scripts of options that are broken or odd.</summary>
internal static class OptionDuels
{
    public static Task OptionOfLengthZero(Stage stage) => Answer(stage, Syn().RawOptions(3, 0, 2, 4, 3, 232));

    public static Task OptionOfLengthOne(Stage stage) => Answer(stage, Syn().RawOptions(4, 1, 2, 4, 3, 232));

    public static Task OptionCutShort(Stage stage) => Answer(stage, Syn().RawOptions(1, 1, 8, 10));

    public static Task OptionBehindTheEnd(Stage stage) => Answer(stage, Syn().RawOptions(0, 4, 2, 3, 3, 7));

    public static Task OptionOfUnknownKind(Stage stage) =>
        Answer(stage, Syn().RawOptions(253, 4, 1, 2, 2, 4, 3, 232, 4, 2));

    public static Task OptionTwice(Stage stage) =>
        Answer(stage, Syn().RawOptions(2, 4, 3, 232, 2, 4, 1, 244, 4, 2, 4, 2));

    public static Task SegmentSizeOfWrongLength(Stage stage) => Answer(stage, Syn().RawOptions(2, 3, 3, 4, 2));

    public static Task ScaleOfWrongLength(Stage stage) => Answer(stage, Syn().RawOptions(3, 4, 7, 7, 4, 2));

    public static Task TimestampsOfWrongLength(Stage stage) =>
        Answer(stage, Syn().RawOptions(8, 8, 0, 0, 0, 1, 0, 0, 4, 2));

    public static Task NothingButPadding(Stage stage) =>
        Answer(stage, Syn().RawOptions([.. Enumerable.Repeat((byte)1, 40)]));

    public static async Task SackOfWrongLength(Stage stage)
    {
        await stage.Establish();
        await stage.Write(2000);
        await stage.Inject(Ack(1, 1).RawOptions(5, 9, 0, 0, 0, 1, 0, 0, 0).Window(30_000));
        await stage.Inject(Ack(1, 2001).RawOptions(5, 2).Window(30_000));
        await stage.State();
    }

    public static async Task OptionsOfASynLater(Stage stage)
    {
        await stage.Establish();
        await stage.Inject(Data(1, 1, 10).Mss(100).Scale(3).Window(30_000));
        await stage.Inject(Data(11, 1, 1000).Timestamps(5, 5).Window(30_000));
        await stage.Write(1000);
        await stage.Read();
    }

    private static async Task Answer(Stage stage, Segment syn)
    {
        await stage.Listen();
        await stage.Inject(syn.Window(30_000));
        await stage.Inject(Ack(1, 1).Window(30_000));
        await stage.Accept();
        await stage.Write(600);
    }
}
