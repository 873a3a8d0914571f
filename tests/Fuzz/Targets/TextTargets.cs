using System.Diagnostics.CodeAnalysis;
using Mirage.Testing;
using Mirage.Unix;

namespace Mirage.Fuzz;

/// <summary>A target for each text form.</summary>
internal static class TextTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new TextTarget<IpAddress>("ip-address", KeyConverter.For<IpAddress>(),
            "10.0.0.1", "255.255.255.255", "0.0.0.0", "::", "::1", "fd00::2", "2001:db8:0:0:1:0:0:1",
            "::ffff:10.0.0.1", "fe80::1%eth0", "[::1]", "010.0.0.1", "0x7f.1", "1.2.3.4.5", "1:2:3:4:5:6:7:8"),
        new TextTarget<Cidr>("cidr", KeyConverter.For<Cidr>(),
            "10.0.0.2/24", "0.0.0.0/0", "255.255.255.255/32", "fd00::2/64", "::/0", "::1/128", "10.0.0.2/33",
            "1.2.3.4"),
        new TextTarget<MacAddress>("mac-address", KeyConverter.For<MacAddress>(),
            "02:00:00:00:00:01", "ff-ff-ff-ff-ff-ff", "0:0:0:0:0:0", "02:00:00:00:00:01:02", "AB:cd:EF:01:23:45"),
        new TextTarget<Endpoint>("endpoint", KeyConverter.Endpoint,
            "10.0.0.2:80", "[fd00::2]:80", "[::]:0", "0.0.0.0:65535", "fd00::2:80", "[10.0.0.2]:80", ":80", "[]:1"),
        new TextTarget<TimeSpan>("duration", KeyConverter.Duration,
            "0s", "1ms", "1.5s", "90s", "24h", "365d", "0.0001ms", "10675199.1167300777d", "-1s", "1e3s", "1.s"),
        new TextTarget<PortForward>("port-forward", PortForward.Converter, "8080:80", "1:65535", "0:1", "80", "1:2:3"),
        new TextTarget<KvKey>("kv-key",
            new(static (string text, out KvKey key) => KvKey.TryParse(text, out key), static key => key.ToString(),
                "a key", "KEY"),
            "/", "", "a/b", "/a//b/", "..", "/a/../b", "/./a", "/a\0b", "/é/ü", "//"),
        new TextTarget<LogFilter>("log-filter",
            new(LogFilter.TryParse, static filter => filter.ToString(), LogFilter.Expected, "LEVELS"),
            "*:info", "debug", "*:info,tcp:debug", "tcp.timers:error,TCP:quiet", ":info", "a:b:info", "*:app,,"),
        new TextTarget<int>("key-int", KeyConverter.For<int>(), "0", "-1", "2147483647", "-2147483648", "+5", " 1"),
        new TextTarget<ulong>("key-ulong", KeyConverter.For<ulong>(), "0", "18446744073709551615", "-0", "00", "1,000"),
        new TextTarget<double>("key-double", KeyConverter.For<double>(),
            "0.5", "-0", "1e308", "1e999", "NaN", "∞", "1,5"),
        new TextTarget<bool>("key-bool", KeyConverter.For<bool>(), "true", "false", "True", "1", ""),
        new TextTarget<IReadOnlyList<Cidr>>("key-list", KeyConverter.List(KeyConverter.For<Cidr>()),
            "10.0.0.2/24,fd00::2/64", "", ",", " 10.0.0.2/24 , ", "10.0.0.2/24,x"),
        new TextTarget<DayOfWeek>("key-enum", KeyConverter.Enum<DayOfWeek>(), "monday", "Monday", "0", "sunday,monday"),
        new TextTarget<FaultPlan>("fault-plan", Thrown(FaultPlan.Parse),
            "2.5s for 3s isolate server\n4s for 0.2s crash server\n", "1s for 20s worsen * loss=30 bursts=5/100",
            "6s clock client1 -3600s # back", "", "1s", "1s for", "-1s crash a", "1s worsen a loss=1001"),
        new TextTarget<Latency>("latency", Thrown(Latency.Parse),
            "0.01s", "0.01s..0.02s", "0.01s~0.001s", "0.01s+0.02s", "0s", "-1s", "0.02s..0.01s", "1s..",
            "79228162514s"),
    ];

    // For texts that are refused by an exception, which says what is wrong.
    private static KeyConverter<T> Thrown<T>(Func<string, T> parse) => new(
        (string text, [MaybeNullWhen(false)] out T value) =>
        {
            try
            {
                value = parse(text);
                return true;
            }
            catch (FormatException)
            {
                value = default;
                return false;
            }
        },
        static value => $"{value}", "a text", "TEXT");
}
