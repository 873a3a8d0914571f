using System.Diagnostics;

namespace Mirage.Fuzz;

/// <summary>An assertion that fails is a find, and not the end of the process.</summary>
internal sealed class ThrowingListener : TraceListener
{
    public override void Fail(string? message, string? detailMessage) =>
        throw new OracleException($"An assertion failed: {message} {detailMessage}");

    public override void Write(string? message) { }

    public override void WriteLine(string? message) { }
}
