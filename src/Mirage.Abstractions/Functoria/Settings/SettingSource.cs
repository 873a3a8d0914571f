namespace Mirage;

/// <summary>Where the value of a key came from.</summary>
internal enum SettingSource
{
    Default,
    Build,
    Environment,
    Argument,
}
