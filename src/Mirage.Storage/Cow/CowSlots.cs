namespace Mirage.Storage;

/// <summary>Finds the newest root of a device, or makes the first one.</summary>
internal static class CowSlots
{
    /// <summary>What the reserved bytes hold.</summary>
    /// <param name="Newest">The newest root; null for none.</param>
    /// <param name="IsBlank">Whether there is nothing, or the beginning of a first root that a power cut took.</param>
    /// <param name="Wrong">Why it cannot be known, or a root not be used; else empty.</param>
    public readonly record struct Found(CowSlot? Newest, bool IsBlank, string Wrong);

    public static async ValueTask<Found> Find(CowDevice device)
    {
        var info = device.Info;
        if (info.SectorSize > CowFormat.PageMax)
            return new(null, false, $"its sectors of {info.SectorSize} bytes are larger than a page can be");
        var bytes = new byte[CowSlot.Reserved];
        if ((long)info.SectorSize * info.SectorCount < bytes.Length)
            return new(null, false, "it is too small");
        CowSlot? newest = null;
        var wrong = "";
        for (var pair = 0UL; pair < 2; pair++)
        {
            CowSlot? found = null;
            CowFault? unreadable = null;
            for (var copy = 0; copy < 2; copy++)
            {
                var place = (int)CowSlot.Place(pair, copy);
                unreadable = await device.Read(place, bytes.AsMemory(place, CowSlot.Spacing)) ?? unreadable;
                var slot = CowSlot.Parse(bytes.AsSpan(place), out var reason);
                if (reason.Length > 0)
                    wrong = reason;
                if (slot is not null && slot.Generation % 2 == pair && slot.Generation > (found?.Generation ?? 0))
                    found = slot;
            }

            // What cannot be read could be the newest.
            if (found is null && unreadable is not null)
                return new(null, false, unreadable.ToString());
            newest = found?.Generation > (newest?.Generation ?? 0) ? found : newest;
        }

        return new(newest, newest is null && IsBlank(bytes), wrong);
    }

    /// <summary>Makes an empty store, with a root that is newer than <paramref name="before"/>.</summary>
    public static async ValueTask<CowAnswer<CowSlot>> Format(CowDevice device, CowSlot? before, UInt128 storeId, long time)
    {
        var info = device.Info;
        var pageSize = CowFormat.PageSizeFor(info.SectorSize);
        var pages = Math.Min((long)info.SectorSize * info.SectorCount / pageSize, CowFormat.PagesMax);
        if (new CowLayout(pageSize, pages).DataPages < CowFormat.DataPagesMin)
            return new CowFault.NoSpace();
        var slot = new CowSlot
        {
            PageSize = pageSize,
            ChunkSize = CowFormat.ChunkSizeFor(pageSize),
            Pages = pages,
            StoreId = storeId,
            Generation = (before?.Generation ?? 0) + 1,
            NextId = CowFormat.RootId + 1,
            Time = time,
        };
        var sector = new byte[Math.Max(CowSlot.Size, info.SectorSize)];
        slot.Emit(sector);
        if (await Write(device, slot.Generation, sector) is { } fault)
            return fault;
        // The root before, which would be found when both copies of this one rot, has nothing to do with it.
        if (await Write(device, slot.Generation + 1, new byte[sector.Length]) is { } failed)
            return failed;
        return slot;
    }

    private static async ValueTask<CowFault?> Write(CowDevice device, ulong generation, byte[] sector)
    {
        for (var copy = 0; copy < 2; copy++)
        {
            if (await device.Write(CowSlot.Place(generation, copy), [sector]) is { } fault)
                return fault;
        }

        return await device.Flush();
    }

    private static bool IsBlank(ReadOnlySpan<byte> bytes)
    {
        var rest = bytes.ToArray();
        for (var copy = 0; copy < 2; copy++)
        {
            var slot = rest.AsSpan((int)CowSlot.Place(1, copy), CowSlot.Size);
            var known = slot.CommonPrefixLength(CowSlot.Magic);
            slot[..known].Clear();
            if (known == CowSlot.Magic.Length)
                slot.Clear();
        }

        return !rest.AsSpan().ContainsAnyExcept((byte)0);
    }
}
