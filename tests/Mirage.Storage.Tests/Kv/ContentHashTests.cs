using System.Text;
using FsCheck.Xunit;

namespace Mirage.Storage.Tests;

/// <summary>MurmurHash3 x64 128 against vectors of its reference implementation.</summary>
public sealed class ContentHashTests
{
    [Theory]
    [InlineData("", "00000000000000000000000000000000")]
    [InlineData("hello", "029bbd41b3a7d8cb191dae486a901e5b")]
    [InlineData("The quick brown fox jumps over the lazy dog", "6c1b07bc7bbc4be347939ac4a93c437a")]
    public void KnownText_HasItsDigest(string text, string digest) =>
        Assert.Equal(digest, Convert.ToHexStringLower(ContentHash.Of(Encoding.ASCII.GetBytes(text))));

    [Property]
    public void AnySplit_GivesTheSameDigest(byte[] bytes, byte at)
    {
        var split = bytes.Length == 0 ? 0 : at % bytes.Length;
        var hash = default(ContentHash);
        hash.Append(bytes.AsSpan(0, split));
        hash.Append(bytes.AsSpan(split));
        var digest = new byte[ContentHash.Size];
        hash.Finish(digest);
        Assert.Equal(ContentHash.Of(bytes), digest);
    }
}
