namespace Mirage;

/// <summary>Keys with their values, for readers.</summary>
internal static class KeyText
{
    /// <summary><c>--hello=Hi (argument)</c>.</summary>
    public static string WithValue(GraphKey key, Settings settings)
    {
        if (settings.Find(key) is not { } setting)
            return $"--{key.Name} (required, not given)";

        var source = setting.Source switch
        {
            SettingSource.Argument => "argument",
            SettingSource.Environment => key.Variable,
            SettingSource.Build => "build",
            _ => "default",
        };
        return $"--{key.Name}={Sentence.Line(setting.Text)} ({source})";
    }
}
