namespace Mirage.Storage;

/// <summary>Names files that are embedded in a program: a tag of <see cref="Crunch{TFiles}"/>, declared in the program
/// that embeds them.</summary>
/// <remarks>
/// The project says which: <c>&lt;MirageCrunch Include="files/**" /&gt;</c>. What the wildcard matches becomes the
/// key, so that <c>files/css/site.css</c> is <c>/css/site.css</c>. Several sets are told apart by the item's metadata
/// <c>Set</c>.</remarks>
public interface ICrunch
{
    /// <summary>The set, <c>files</c> unless the item says otherwise.</summary>
    static virtual string Set => "files";
}
