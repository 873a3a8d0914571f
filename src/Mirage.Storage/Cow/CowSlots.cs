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
        if ((long)info.SectorSize * info.SectorCount < CowSlot.Reserved)
            return new(null, false, "it is too small");
        CowSlot? newest = null;
        var wrong = "";
        for (var pair = 0UL; pair < 2 && wrong.Length == 0; pair++)
        {
            (var found, wrong) = await FindPair(device, pair);
            newest = found?.Generation > (newest?.Generation ?? 0) ? found : newest;
        }

        return new(newest, newest is null && wrong.Length == 0 && await IsBlank(device), wrong);
    }

    /// <summary>Makes an empty store, with a root that is newer than <paramref name="before"/>.</summary>
    public static async ValueTask<CowAnswer<CowSlot>> Format(
        CowDevice device, CowSlot? before, UInt128 storeId, long time)
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

    // The newer of two copies that can differ where a power cut came in between.
    private static async ValueTask<(CowSlot? Newest, string Wrong)> FindPair(CowDevice device, ulong pair)
    {
        var bytes = new byte[Math.Max(CowSlot.Size, device.Info.SectorSize)];
        CowSlot? newest = null;
        CowFault? unreadable = null;
        var wrong = "";
        for (var copy = 0; copy < 2; copy++)
        {
            if (await device.Read(CowSlot.Place(pair, copy), bytes) is { } fault)
            {
                unreadable = fault;
                continue;
            }

            var slot = CowSlot.Parse(bytes, out var reason);
            wrong = reason.Length > 0 ? reason : wrong;
            if (slot is not null && slot.Generation % 2 == pair && slot.Generation > (newest?.Generation ?? 0))
                newest = slot;
        }

        // What cannot be read could be the newest.
        return (newest, newest is null && unreadable is not null ? unreadable.ToString() : wrong);
    }

    private static async ValueTask<bool> IsBlank(CowDevice device)
    {
        var bytes = new byte[CowSlot.Reserved];
        if (await device.Read(0, bytes) is not null)
            return false;
        for (var copy = 0; copy < 2; copy++)
        {
            var slot = bytes.AsSpan((int)CowSlot.Place(1, copy), CowSlot.Size);
            var known = slot.CommonPrefixLength(CowSlot.Magic);
            slot[..(known == CowSlot.Magic.Length ? CowSlot.Size : known)].Clear();
        }

        return !bytes.AsSpan().ContainsAnyExcept((byte)0);
    }
}
