namespace Mirage.Storage;

/// <summary>How far a key leads.</summary>
/// <param name="Record">What is there, or the last thing on the way.</param>
/// <param name="Parent">The dictionary in which the last name that was found, or the first that was not, is.</param>
/// <param name="Found">How many names were found.</param>
/// <param name="Names">How many names there are.</param>
internal readonly record struct CowPlace(CowRecord Record, long Parent, int Found, int Names)
{
    public bool Exists => Found == Names;

    public bool IsValue => Exists && Record.Kind is KvKind.Value;

    public bool IsDictionary => Exists && Record.Kind is KvKind.Dictionary;

    public bool IsBelowValue => !Exists && Record.Kind is KvKind.Value;

    public static async ValueTask<CowAnswer<CowPlace>> Find(CowPages pages, CowLink root, KvKey key)
    {
        var names = key.Names;
        var place = new CowPlace(CowRecord.OfDictionary(CowFormat.RootId), CowFormat.RootId, 0, names.Length);
        while (!place.Exists && place.Record.Kind is KvKind.Dictionary)
        {
            place = place with { Parent = place.Record.Id };
            if (CowKey.OfName(place.Parent, names[place.Found]) is not { } row)
                break;
            if ((await pages.Find(root, row)).Failed(out var fault, out var value))
                return fault;
            if (value is not { } bytes)
                break;
            if (CowRecord.Parse(bytes).Failed(out fault, out var record))
                return fault;
            place = place with { Record = record, Found = place.Found + 1 };
        }

        return place;
    }
}
