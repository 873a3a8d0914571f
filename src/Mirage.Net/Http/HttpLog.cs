using Microsoft.Extensions.Logging;

namespace Mirage.Net;

/// <summary>What the HTTP server says to its log.</summary>
internal static partial class HttpLog
{
    /// <summary>The source that the level of these messages is set by.</summary>
    public const string Source = "Mirage.Http";

    [LoggerMessage(1, LogLevel.Error, "The handler failed on {Request} from {Remote}.")]
    public static partial void HandlerFailed(ILogger logger, string request, Endpoint remote, Exception exception);

    [LoggerMessage(2, LogLevel.Debug, "A request from {Remote} was refused with {Status}.")]
    public static partial void Refused(ILogger logger, Endpoint remote, int status);

    [LoggerMessage(3, LogLevel.Debug, "The connection with {Remote} broke: {Reason}.")]
    public static partial void Broken(ILogger logger, Endpoint remote, string reason);

    [LoggerMessage(4, LogLevel.Error, "The connection with {Remote} failed.")]
    public static partial void ConnectionFailed(ILogger logger, Endpoint remote, Exception exception);

    [LoggerMessage(5, LogLevel.Warning, "Port {Port} accepts no connection: {Reason}.")]
    public static partial void AcceptFailed(ILogger logger, ushort port, string reason);

    [LoggerMessage(6, LogLevel.Error, "The response to {Request} from {Remote} is shorter than its head said.")]
    public static partial void ShortResponse(ILogger logger, string request, Endpoint remote);

    [LoggerMessage(7, LogLevel.Error, "{Key} cannot be read: {Reason}.")]
    public static partial void StoreFailed(ILogger logger, string key, string reason);
}
