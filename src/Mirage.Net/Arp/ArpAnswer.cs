namespace Mirage.Net;

/// <summary>What a query ended with; <see cref="Mac"/> is null when nobody answered, or the table was full.</summary>
internal readonly record struct ArpAnswer(IpAddress Ip, MacAddress? Mac, bool IsTableFull = false);
