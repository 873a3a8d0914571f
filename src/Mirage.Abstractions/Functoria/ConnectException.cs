namespace Mirage;

/// <summary>Carries a <see cref="ConnectError"/> from the device that failed to the boot, and no further.</summary>
internal sealed class ConnectException(ConnectError error) : Exception(error.Reason)
{
    public ConnectError Error { get; } = error;
}
