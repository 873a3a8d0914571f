namespace Mirage;

/// <summary>Why a device could not be connected. The boot adds the path of devices that leads to it.</summary>
/// <param name="Reason">What was wrong, as <c>tap0: permission denied</c>.</param>
/// <param name="Remedy">What the user can do, as <c>run as root or leave --interface out</c>.</param>
public sealed record ConnectError(string Reason, string Remedy);
