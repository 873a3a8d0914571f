namespace Mirage.Net.Tests;

/// <summary>The axes of the grid.</summary>
internal static class GridAxes
{
    private const int Flags = 64; // FIN, SYN, RST, PSH, ACK, URG.

    /// <summary>Every segment: all control bits, all edges of the window and of what is in flight, text that ends
    /// before, at and behind each edge.</summary>
    public static IEnumerable<GridSegment> Segments(GridConnection connection)
    {
        var (window, flight, back) = (connection.Window, connection.InFlight, connection.Back);
        int[] sequences =
        [
            .. new[]
            {
                int.MinValue, -window - 1, -10, -2, -1, 0, 1, window / 2, window - 1, window, window + 1, int.MaxValue,
            }.Distinct(),
        ];
        int[] acknowledgments =
        [
            .. new[] { int.MinValue, -30_000, -back - 1, -back, -1, 0, 1, flight - 1, flight, flight + 1 }.Distinct(),
        ];
        int[] texts = [.. new[] { 0, 1, 10, window, window + 10 }.Distinct()];
        for (var flags = 0; flags < Flags; flags++)
        {
            foreach (var seq in sequences)
            {
                foreach (var text in texts)
                {
                    foreach (var ack in (flags & (int)TcpFlags.Ack) != 0 ? acknowledgments : [0])
                        yield return new((TcpFlags)flags, seq, ack, text);
                }
            }
        }
    }
}
