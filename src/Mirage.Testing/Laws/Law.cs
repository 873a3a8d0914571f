using System.Globalization;
using System.Text;

namespace Mirage.Testing;

/// <summary>What a law is called in messages, and how its test is found again.</summary>
/// <param name="Id">The number, as <c>K17</c>.</param>
/// <param name="Sentence">What holds, as <c>remove takes what lies below</c>.</param>
/// <param name="Device">The device, with its type arguments.</param>
/// <param name="Test">What a filter of <c>dotnet test</c> finds the test by.</param>
public sealed record Law(string Id, string Sentence, string Device, string Test)
{
    /// <summary>The law that a method of a suite says in its name, as <c>K17_RemoveTakesWhatLiesBelow</c>.</summary>
    /// <typeparam name="TDevice">The device it is tried on.</typeparam>
    public static Law Named<TDevice>(Type suite, string method) where TDevice : IDevice<TDevice>
    {
        ArgumentNullException.ThrowIfNull(suite);
        ArgumentNullException.ThrowIfNull(method);
        var parts = method.Split('_', 2);
        return new(parts[0], Words(parts[^1]), NameOf(typeof(TDevice)), $"{NameOf(suite)}.{method}");
    }

    private static string NameOf(Type type)
    {
        var end = type.Name.IndexOf('`', StringComparison.Ordinal);
        return end < 0
            ? type.Name
            : $"{type.Name[..end]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>";
    }

    private static string Words(string name)
    {
        var text = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && text.Length > 0)
                text.Append(' ');
            text.Append(char.ToLower(letter, CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }
}
