namespace Mirage;

/// <summary>When a key gets its value: MirageOS's stages, where configuring is building the project.</summary>
public enum Stage
{
    /// <summary>
    /// A <c>MirageKey</c> item of the project gives the default at boot, of a flag too; an argument or the environment
    /// overrides it. A required key may be left open in the build and is then mandatory at boot.
    /// </summary>
    Both,

    /// <summary>
    /// A constant of the build: a <c>MirageKey</c> item or the default, and no argument. A required one is mandatory in
    /// the build.
    /// </summary>
    Configure,

    /// <summary>
    /// Known at boot alone: an argument, the environment or the default. A <c>MirageKey</c> item for it is an error.
    /// </summary>
    Run,
}
