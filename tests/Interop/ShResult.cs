namespace Mirage.Interop;

/// <summary>What a program came to.</summary>
internal sealed record ShResult(int ExitCode, string Output, string Error);
