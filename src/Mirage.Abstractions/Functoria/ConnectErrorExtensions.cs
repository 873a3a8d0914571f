using LanguageExt;

namespace Mirage;

/// <summary>Outcomes of devices as outcomes of a connect.</summary>
public static class ConnectErrorExtensions
{
    /// <summary>The outcome with its error, if it is one, in the words of a boot: what was wrong, and what the user can
    /// do. A device or a unikernel that opens its ports while it connects ends the boot with
    /// <see cref="ExitCode.Unavailable"/> when one is taken, before anything runs.</summary>
    /// <param name="outcome">What a device answered.</param>
    /// <param name="remedy">What the user can do, as in <see cref="ConnectError.Remedy"/>.</param>
    public static Either<ConnectError, T> Advise<TError, T>(this Either<TError, T> outcome, string remedy)
        where TError : notnull =>
        outcome.MapLeft(error => new ConnectError(error.ToString() ?? "", remedy));
}
