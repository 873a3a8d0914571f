// Compiled for docs/functoria.md, which shows what is below the namespace.
using System.Globalization;

namespace Mirage.Tests.Snippets;

public readonly struct Painted : IDevice<Painted>
{
    private static readonly KeyConverter<int> s_colour = new(
        static (string text, out int value) =>
            int.TryParse(text.TrimStart('#'), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value),
        static value => $"#{value:x6}",
        "a colour, as #ff8000",
        "COLOUR");

    private static readonly Key<int> s_paint = Key.Optional("paint", s_colour, 0xFF8000, "The colour of the door.");

    public static Impl<Painted> Impl => s_paint.Map(static _ => default(Painted));
}
