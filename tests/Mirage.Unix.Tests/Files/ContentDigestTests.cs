namespace Mirage.Unix.Tests;

public sealed class ContentDigestTests
{
    private const ulong KeyLow = 0x0706050403020100, KeyHigh = 0x0F0E0D0C0B0A0908;

    [Theory]
    [InlineData(0, "A3817F04BA25A8E66DF67214C7550293")] // The authors' test vectors for SipHash-2-4-128.
    [InlineData(1, "DA87C1D86B99AF44347659119B22FC45")]
    public void ReferenceInput_HasTheAuthorsDigest(int length, string expected)
    {
        var digest = new ContentDigest(KeyLow, KeyHigh);
        digest.Add(new byte[length]);
        Assert.Equal(expected, Convert.ToHexString(digest.Finish()));
    }

    [Fact]
    public void Pieces_GiveTheDigestOfTheWhole()
    {
        var bytes = SocketPair.Pattern(1003);
        var whole = new ContentDigest(0, 0);
        whole.Add(bytes);
        var pieces = new ContentDigest(0, 0);
        pieces.Add(bytes.AsSpan(0, 512));
        pieces.Add(bytes.AsSpan(512, 8));
        pieces.Add(bytes.AsSpan(520));
        Assert.Equal(whole.Finish(), pieces.Finish());
    }
}
