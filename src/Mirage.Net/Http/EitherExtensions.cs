using System.Diagnostics.CodeAnalysis;
using LanguageExt;

namespace Mirage.Net;

/// <summary>Reading an Either without closures.</summary>
internal static class EitherExtensions
{
    /// <summary>Whether it is right: then <paramref name="value"/> is it, otherwise <paramref name="error"/>.</summary>
    public static bool TryGet<TError, T>(
        this Either<TError, T> either, [MaybeNullWhen(false)] out T value, [MaybeNullWhen(true)] out TError error)
    {
        var isRight = either.IsRight;
        value = isRight ? (T)either : default;
        error = isRight ? default : (TError)either;
        return isRight;
    }
}
