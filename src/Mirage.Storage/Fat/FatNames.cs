using System.Buffers;
using System.Text;

namespace Mirage.Storage;

/// <summary>Names of files: long ones, and the short ones that stand beside them (Microsoft 1.03, "Short Directory
/// Entries", "The Basis-Name Generation Algorithm").</summary>
internal static class FatNames
{
    private const int BaseSize = 8;
    private const byte LowerBase = 0x08, LowerExtension = 0x10;

    // Code page 437 from 80h on, which short names are in.
    private const string Upper437 =
        "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐" +
        "└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00A0";

    private static readonly SearchValues<char> s_unwanted = SearchValues.Create("\"*:<>?\\|/\u007F");

    /// <summary>Why a name cannot be one of a file; null when it can.</summary>
    public static string? Refusal(string name)
    {
        if (name.Length > FatLongName.NameMax)
            return $"a name has {FatLongName.NameMax} units at most";
        if (name.AsSpan().IndexOfAny(s_unwanted) >= 0 || name.AsSpan().IndexOfAnyInRange('\0', '\u001F') >= 0)
            return "FAT has no names with such characters";
        // Others would drop the space, and take the name for another one.
        if (name.EndsWith(' ') || name.StartsWith(' ') || name.AsSpan().Trim('.').IsEmpty)
            return "FAT has no such name";
        return TarHeader.Utf8(Encoding.UTF8.GetBytes(name)) == name ? null : "the name is no text";
    }

    /// <summary>Whether a name that was read can be one of a key.</summary>
    public static bool IsName(string name) => KvKey.TryParse(name, out var key) && key.Basename == name && name != "";

    /// <summary>What is equal for names that FAT takes for one.</summary>
    public static string Folded(string name) => name.ToUpperInvariant();

    /// <summary>Whether a name is its own short name: no long one is needed.</summary>
    public static bool IsShort(string name, out string shortName)
    {
        var point = name.LastIndexOf('.');
        var (front, back) = point < 0 ? (name, "") : (name[..point], name[(point + 1)..]);
        shortName = front.PadRight(BaseSize) + back.PadRight(3);
        return front.Length is > 0 and <= BaseSize && back.Length <= 3 && (point < 0 || back.Length > 0)
            && front.All(IsShortLetter) && back.All(IsShortLetter);
    }

    /// <summary>A short name for a long one, which none of <paramref name="taken"/> is.</summary>
    public static string Generate(string name, IReadOnlySet<string> taken)
    {
        var point = name.TrimEnd('.').LastIndexOf('.');
        var isHidden = name.AsSpan(0, Math.Max(0, point)).Trim('.').IsEmpty;
        var front = Basis(point < 0 || isHidden ? name : name[..point]);
        var back = Basis(point < 0 || isHidden ? "" : name[(point + 1)..]);
        back = back[..Math.Min(3, back.Length)].PadRight(3);
        for (var number = 1; ; number++)
        {
            var tail = $"~{number}";
            var candidate = (front[..Math.Min(front.Length, BaseSize - tail.Length)] + tail).PadRight(BaseSize) + back;
            if (!taken.Contains(candidate))
                return candidate;
        }
    }

    /// <summary>The name that an entry without a long one has.</summary>
    public static string Read(FatEntry entry)
    {
        var letters = string.Concat(entry.Short.Select(static letter =>
            letter < 0x80 ? letter : Upper437[letter - 0x80]));
        var (front, back) = (letters[..BaseSize].TrimEnd(' '), letters[BaseSize..].TrimEnd(' '));
        front = (entry.CaseBits & LowerBase) == 0 ? front : front.ToLowerInvariant();
        back = (entry.CaseBits & LowerExtension) == 0 ? back : back.ToLowerInvariant();
        return back.Length == 0 ? front : $"{front}.{back}";
    }

    private static string Basis(string part) => string.Concat(part.ToUpperInvariant()
        .Where(static letter => letter is not (' ' or '.'))
        .Select(static letter => IsShortLetter(letter) ? letter : '_'));

    private static bool IsShortLetter(char letter) => letter is (>= 'A' and <= 'Z') or (>= '0' and <= '9')
        || "!#$%&'()-@^_`{}~".Contains(letter, StringComparison.Ordinal);
}
