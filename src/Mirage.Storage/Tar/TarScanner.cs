namespace Mirage.Storage;

/// <summary>Goes through the entries of an archive, from the first one on. It ends at a block of zeros, at the end of
/// the device, or where the archive is damaged.</summary>
internal sealed class TarScanner<TBlock>(TBlock block) where TBlock : struct, IBlock<TBlock>
{
    private const int WindowSize = 1 << 16;

    private static readonly DateTimeOffset s_first = DateTimeOffset.MinValue, s_last = DateTimeOffset.MaxValue;

    private readonly long _size = TBlock.Info(block).SectorCount * TBlock.Info(block).SectorSize;
    private readonly byte[] _header = new byte[TarHeader.BlockSize];
    private byte[] _window = [];
    private long _windowAt;
    private PaxRecords _global;

    /// <summary>Where the next header is; once there is none, where one can be put.</summary>
    public long Position { get; private set; }

    /// <summary>What is wrong with the archive; null for nothing so far.</summary>
    public string? Fault { get; private set; }

    /// <summary>The next entry; null when there is none, or none that can be read.</summary>
    public async ValueTask<TarEntry?> Next()
    {
        var (records, isAnnounced) = (_global, false);
        (string? longName, string? longLink) = (null, null);
        while (true)
        {
            if (!await ReadHeader() || TarHeader.IsEnd(_header))
            {
                Fault ??= isAnnounced ? "the archive ends where an entry was announced" : null;
                return null;
            }

            if (TarHeader.Parse(_header, out var header) is { } fault)
                return Broken(fault);
            var at = Position + TarHeader.BlockSize;
            if (!IsAnnouncement(header.Type))
                return await Finish(header, records, longName, longLink, at);

            if (header.Size > PaxRecords.SizeMax)
                return Broken($"{header.Size} bytes that announce an entry");
            if (await ReadBody(at, (int)header.Size) is not { } body)
                return null;
            if (header.Type is TarType.LongName)
                longName = Text(body);
            else if (header.Type is TarType.LongLink)
                longLink = Text(body);
            else if (PaxRecords.Parse(body, header.Type is TarType.Global ? _global : records, out records) is { } odd)
                return Broken(odd);
            if (header.Type is TarType.Global)
                _global = records;
            else
                isAnnounced = true;
            Position = at + Padded(header.Size);
        }
    }

    private static bool IsAnnouncement(TarType type) => type is TarType.Extended or TarType.Global
        or TarType.SolarisExtended or TarType.LongName or TarType.LongLink;

    private static long Padded(long size) =>
        (size + TarHeader.BlockSize - 1) / TarHeader.BlockSize * TarHeader.BlockSize;

    private static string Text(byte[] body)
    {
        var end = Array.IndexOf(body, (byte)0);
        return TarHeader.Utf8(body.AsSpan(0, end < 0 ? body.Length : end)) ?? "\0";
    }

    private static DateTimeOffset Time(long seconds) => seconds < s_first.ToUnixTimeSeconds() ? s_first
        : seconds > s_last.ToUnixTimeSeconds() ? s_last
        : DateTimeOffset.FromUnixTimeSeconds(seconds);

    private async ValueTask<TarEntry?> Finish(
        TarHeader header, PaxRecords records, string? longName, string? longLink, long at)
    {
        // GNU tar's sparse.h: the list of pieces goes on in further blocks while a byte of each says so.
        var isContinued = header.Type is TarType.Sparse && _header[482] != 0;
        for (; isContinued; at += TarHeader.BlockSize)
        {
            if (await ReadBody(at, TarHeader.BlockSize) is not { } list)
                return null;
            isContinued = list[504] != 0;
        }

        // A link and a directory have no contents, whatever their size says.
        var size = header.Type is TarType.HardLink or TarType.Directory ? 0 : records.Size ?? header.Size;
        if (size > _size - at)
            return Broken("the archive ends in an entry");
        Position = Math.Min(at + Padded(size), _size);
        return new(records.Path ?? longName ?? header.Name, header.Type,
            records.LinkPath ?? longLink ?? header.LinkName, at, size, Time(records.Modified ?? header.Modified),
            records.IsSparse || header.Type is TarType.Sparse);
    }

    private TarEntry? Broken(string fault)
    {
        Fault ??= $"byte {Position}: {fault}";
        return null;
    }

    // False at the end of the device.
    private async ValueTask<bool> ReadHeader()
    {
        if (_size - Position < TarHeader.BlockSize)
            return false;
        if (Position < _windowAt || Position + TarHeader.BlockSize > _windowAt + _window.Length)
        {
            // Headers of small entries lie close to one another.
            _windowAt = Position / WindowSize * WindowSize;
            _window = new byte[Math.Min(WindowSize, _size - _windowAt)];
            if (await BlockBytes<TBlock>.Read(block, _windowAt, _window) is { } failure)
            {
                Fault = $"{failure}";
                return false;
            }
        }

        _window.AsSpan((int)(Position - _windowAt), TarHeader.BlockSize).CopyTo(_header);
        return true;
    }

    private async ValueTask<byte[]?> ReadBody(long at, int size)
    {
        if (size > _size - at)
        {
            Broken("the archive ends in an entry");
            return null;
        }

        var body = new byte[size];
        if (await BlockBytes<TBlock>.Read(block, at, body) is not { } failure)
            return body;
        Fault = $"{failure}";
        return null;
    }
}
