using System.Text;
using Mirage.Net;
using Mirage.Testing;

namespace Mirage.Fuzz;

/// <summary>The path of a request: no key leads out of its store, and a key has one path.</summary>
internal sealed class SitePathTarget() : FuzzTarget("site-path")
{
    private static readonly string[] s_paths = ["/", "/a/b.html", "/a%20b/", "/%2e%2e/etc", "/a/../b", "/%2F", "/%00",
        "//evil", "/\u00FC", "/%C3%A9", "/%E2%82%AC/", "/%C0%AF", "/%", "/%4", "/.", "/a//b", "/%252e%252e/",
        "/" + new string('x', 600)];

    public override IReadOnlyList<string> Reaches => ["0", "BadRequest", "NotFound"];

    public override byte[] Generate(SplitMix64 random) => Encoding.UTF8.GetBytes(HttpTexts.Any(s_paths, random));

    public override void Run(ReadOnlySpan<byte> input)
    {
        var refusal = SitePath.Parse(input, out var key, out var isDirectory);
        Reach(refusal.ToString());
        if (refusal is not 0)
            return;
        foreach (var name in key.Names)
        {
            Oracle.That(name is not ("" or "." or ".."), "No name leads out of the store.");
            Oracle.That(name.AsSpan().IndexOfAny('/', '\0') < 0, "No name has a slash or a NUL.");
        }

        var text = new StringBuilder();
        foreach (var value in Encoding.UTF8.GetBytes(key.ToString()))
            text.Append(value == '/' ? "/" : $"%{value:X2}");
        if (isDirectory && !key.IsRoot)
            text.Append('/');
        var status = SitePath.Parse(Encoding.ASCII.GetBytes(text.ToString()), out var again, out var isStillDirectory);
        Oracle.Same((System.Net.HttpStatusCode)0, status, "A key that is written with percents is accepted.");
        Oracle.Same((key, isDirectory), (again, isStillDirectory), "A key that is written with percents is the same.");
    }
}
