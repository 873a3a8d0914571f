using System.Text;
using Mirage.Net;
using Mirage.Testing;

namespace Mirage.Fuzz;

/// <summary>Lists of entity tags: a tag in front of any list is found.</summary>
internal sealed class EntityTagsTarget() : FuzzTarget("http-etags")
{
    private static readonly string[] s_lists = ["\"a\"", "W/\"a\", \"b\"", "\"x,y\",\"a\"", "*", "\"a", "a\"",
        ",, \"a\" ,", "W/W/\"a\"", "\"\"", "w/\"a\"", "\"a\"\"b\""];

    public override byte[] Generate(SplitMix64 random) => Encoding.Latin1.GetBytes(HttpTexts.Any(s_lists, random));

    public override void Run(ReadOnlySpan<byte> input)
    {
        var tag = "\"a\""u8;
        var isStrong = EntityTags.Contains(input, tag, strong: true);
        Oracle.That(!isStrong || EntityTags.Contains(input, tag, strong: false), "A strong match is a weak one.");
        Oracle.That(EntityTags.Contains([.. tag, (byte)',', .. input], tag, strong: true), "The first tag is found.");
        byte[] weak = [.. "W/"u8, .. tag, (byte)',', .. input];
        Oracle.That(EntityTags.Contains(weak, tag, strong: false), "The first tag is found weakly.");
        Oracle.Same(isStrong, EntityTags.Contains(weak, tag, strong: true), "A weak tag matches nothing strongly.");
    }
}
