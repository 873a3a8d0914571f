namespace Mirage;

/// <summary>The value of a key in one boot.</summary>
/// <param name="Value">The value, boxed.</param>
/// <param name="Text">What was given for it, or the printed default.</param>
/// <param name="Source">Where it came from.</param>
internal sealed record Setting(object Value, string Text, SettingSource Source);
