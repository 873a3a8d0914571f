using System.Runtime.InteropServices;

namespace Mirage.Interop;

/// <summary>What a test needs of the machine: rights, device nodes and programs, by name.</summary>
internal static class Requirements
{
    /// <summary>Whether what is missing fails a test instead of skipping it.</summary>
    public static bool AreDemanded => Environment.GetEnvironmentVariable("CI") is "true";

    /// <summary>Why <paramref name="needs"/>, separated by commas, cannot be met here; null when they can.</summary>
    public static string? Missing(string needs)
    {
        var missing = needs.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(need => !IsMet(need)).ToList();
        return missing.Count == 0 ? null : $"needs {string.Join(", ", missing)}";
    }

    private static bool IsMet(string need) => need switch
    {
        "linux" => RuntimeInformation.IsOSPlatform(OSPlatform.Linux),
        "root" => Environment.IsPrivilegedProcess,
        "tun" => File.Exists("/dev/net/tun"),
        _ => IsOnPath(need),
    };

    private static bool IsOnPath(string program) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin".Split(':')
            .Any(folder => File.Exists(Path.Combine(folder, program)));
}
