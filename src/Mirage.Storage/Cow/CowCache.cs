namespace Mirage.Storage;

/// <summary>Nodes that were read or written lately, a number of them at most. Which one goes is found by the clock
/// algorithm: a hand goes round and takes the first that was not asked for since it came by.</summary>
internal sealed class CowCache(int pagesMax)
{
    private readonly Dictionary<long, int> _places = [];
    private readonly List<Place> _ring = [];
    private int _hand;

    public CowPage? Find(CowPointer pointer)
    {
        if (!_places.TryGetValue(pointer.Page, out var index))
            return null;
        var place = _ring[index];
        // A page that was free meanwhile is another one now.
        if (place.Page.Pointer != pointer)
            return null;
        place.WasUsed = true;
        return place.Page;
    }

    public void Add(CowPage page)
    {
        if (_places.TryGetValue(page.Pointer.Page, out var index))
        {
            _ring[index].Page = page;
            return;
        }

        if (_ring.Count < pagesMax)
        {
            _places.Add(page.Pointer.Page, _ring.Count);
            _ring.Add(new Place(page));
            return;
        }

        for (; _ring[_hand].WasUsed; _hand = (_hand + 1) % pagesMax)
            _ring[_hand].WasUsed = false;
        _places.Remove(_ring[_hand].Page.Pointer.Page);
        _ring[_hand].Page = page;
        _places.Add(page.Pointer.Page, _hand);
        _hand = (_hand + 1) % pagesMax;
    }

    private sealed class Place(CowPage page)
    {
        public CowPage Page { get; set; } = page;

        public bool WasUsed { get; set; }
    }
}
