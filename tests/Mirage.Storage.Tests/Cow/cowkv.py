#!/usr/bin/env python3
"""Reads a store of CowKv, as docs/cowkv-format.md says, checks all of it, and prints a line for each key: 'PATH/' for a
dictionary, 'PATH SIZE CRC32C' for a value. What is wrong ends it with status 1."""
import struct
import sys

SLOT_AREA = 262144


def table():
    rows = []
    for byte in range(256):
        for _ in range(8):
            byte = (byte >> 1) ^ (0x82F63B78 if byte & 1 else 0)
        rows.append(byte)
    return rows


TABLE = table()


def crc32c(data, state=0xFFFFFFFF):
    for byte in data:
        state = (state >> 8) ^ TABLE[(state ^ byte) & 0xFF]
    return state ^ 0xFFFFFFFF


class Damage(Exception):
    pass


def need(holds, what):
    if not holds:
        raise Damage(what)


class Store:
    def __init__(self, image):
        self.image = image
        self.used = set()
        slot = self.newest_slot()
        (self.page_size, self.chunk_size, self.pages) = struct.unpack_from("<IIQ", slot, 24)
        (self.generation, self.next_id) = struct.unpack_from("<QQ", slot, 56)
        need(self.page_size in (4096, 8192, 16384, 32768, 65536), "page size")
        need(self.chunk_size == max(32768, self.page_size), "chunk size")
        need(self.pages * self.page_size <= len(image), "the image is shorter than the store")
        self.lay_out()
        self.root = slot[72:92]
        self.top = slot[96:112]

    def newest_slot(self):
        newest, best = None, 0
        for copy in range(4):
            slot = self.image[copy * 65536:copy * 65536 + 512]
            if slot[:8] != b"MIRCOWKV":
                continue
            (checksum,) = struct.unpack_from("<I", slot, 12)
            if crc32c(slot[:12] + bytes(4) + slot[16:]) != checksum:
                continue
            version, algorithm = struct.unpack_from("<HH", slot, 8)
            (incompatible,) = struct.unpack_from("<I", slot, 16)
            (generation,) = struct.unpack_from("<Q", slot, 56)
            need((version, algorithm, incompatible) == (1, 1, 0), "a later version")
            need(not any(slot[92:96]) and not any(slot[120:512]), "the slot's zeros")
            need(struct.unpack_from("<Q", slot, 112)[0] <= 3155378975999999999, "the slot's time")
            if generation % 2 == copy // 2 and generation > best:
                newest, best = slot, generation
        need(newest is not None, "no slot")
        return newest

    def lay_out(self):
        self.bits = (self.page_size - 32) * 8
        self.fan = (self.page_size - 32) // 16
        self.levels = []
        first, count = SLOT_AREA // self.page_size, -(-self.pages // self.bits)
        while True:
            self.levels.append((first, count))
            first += 2 * count
            if count <= 1:
                break
            count = -(-count // self.fan)
        self.first_data = first

    def page(self, number, generation, checksum):
        need(number < self.pages, f"page {number} is not on the device")
        page = self.image[number * self.page_size:(number + 1) * self.page_size]
        need(crc32c(page) == checksum, f"page {number}: checksum")
        magic, kind, level, count, own, itself, used, zero = struct.unpack_from("<4sBBHQQII", page)
        need(magic == b"CwPg" and (own, itself, zero) == (generation, number, 0), f"page {number}: header")
        need(32 <= used <= self.page_size and not any(page[used:]), f"page {number}: what is behind its end")
        return page[:used], kind, level, count

    def take(self, number):
        need(self.first_data <= number < self.pages, f"page {number} is no data page")
        need(number not in self.used, f"page {number} is used twice")
        self.used.add(number)

    def rows(self, pointer, wanted=None, low=b"", high=None):
        """All rows below a pointer, checked against the keys that the parent allows."""
        number, generation, checksum = struct.unpack("<QQI", pointer)
        need(generation <= self.generation, f"page {number}: from the future")
        self.take(number)
        page, kind, level, count = self.page(number, generation, checksum)
        need(kind == (1 if level == 0 else 2) and level <= 15 and level == (level if wanted is None else wanted)
             and count > 0, f"page {number}: kind and level")
        offsets = struct.unpack_from(f"<{count}H", page, 32)
        at, entries = 32 + 2 * count, []
        for index in range(count):
            need(offsets[index] == at, f"page {number}: offset {index}")
            if level == 0:
                key_length, value_length = struct.unpack_from("<HH", page, at)
                key = page[at + 4:at + 4 + key_length]
                value = page[at + 4 + key_length:at + 4 + key_length + value_length]
                at += 4 + key_length + value_length
                need(value_length <= 9 + self.page_size // 8, f"page {number}: value")
                need(9 <= key_length <= 263 and low <= key and (high is None or key < high), f"page {number}: key")
            else:
                (key_length,) = struct.unpack_from("<H", page, at)
                value, key = page[at + 2:at + 22], page[at + 22:at + 22 + key_length]
                at += 22 + key_length
                need((key == b"") == (index == 0), f"page {number}: first key")
                need(index == 0 or (low <= key and (high is None or key < high)), f"page {number}: separator")
            need(index == 0 or entries[-1][0] < key, f"page {number}: order")
            entries.append((key, value))
        need(at == len(page), f"page {number}: end")
        if level == 0:
            yield from entries
            return
        for index, (key, value) in enumerate(entries):
            following = entries[index + 1][0] if index + 1 < count else high
            yield from self.rows(value, level - 1, key or low, following)

    def content(self, size, ident):
        """The bytes of a value in chunks."""
        need(size <= (self.pages - self.first_data) * self.page_size, "a value larger than the store")
        content = bytearray()
        chunks = self.chunks.pop(ident, {})
        for number in range(-(-size // self.chunk_size)):
            length = min(self.chunk_size, size - number * self.chunk_size)
            row = chunks.pop(number, None)
            if row is None:
                content += bytes(length)
                continue
            need(len(row) % 12 == 0 and len(row) > 12, "a row of a chunk")
            need(struct.unpack_from("<Q", row, 4)[0] <= self.generation, "a chunk from the future")
            pages = bytearray()
            for at in range(12, len(row), 12):
                first, count = struct.unpack_from("<QI", row, at)
                need(count > 0, "an empty run")
                for page in range(first, first + count):
                    self.take(page)
                pages += self.image[first * self.page_size:(first + count) * self.page_size]
            need(len(pages) == -(-length // self.page_size) * self.page_size, "pages of a chunk")
            need(crc32c(pages) == struct.unpack_from("<I", row)[0], "checksum of a chunk")
            need(not any(pages[length:]), "what is behind a chunk's end")
            content += pages[:length]
        need(not chunks, "chunks behind the end of a value")
        return bytes(content)

    def load(self):
        """Tells rows of names from rows of chunks: an id is that of a dictionary or of a value."""
        rows = {}
        if any(self.root):
            for key, value in self.rows(self.root):
                rows.setdefault(int.from_bytes(key[:8], "big"), {})[key[8:]] = value
        self.names, self.chunks, left = {}, {}, [1]
        while left:
            ident = left.pop()
            need(ident not in self.names and 0 < ident < self.next_id, f"dictionary {ident}")
            self.names[ident] = rows.pop(ident, {})
            left += [struct.unpack_from("<Q", value, 1)[0] for value in self.names[ident].values() if value[0] == 1]
        for ident, chunks in rows.items():
            need(ident < self.next_id and all(len(key) == 8 for key in chunks), f"value {ident}")
            self.chunks[ident] = {int.from_bytes(key, "big"): value for key, value in chunks.items()}

    def walk(self, ident, path):
        for stored, value in self.names[ident].items():
            need(b"\xee" not in stored and b"\xef" not in stored, "a name")
            name = stored.replace(b"\xfe", b"\xee").replace(b"\xff", b"\xef").decode("utf-8")
            need(name not in (".", "..") and "/" not in name and "\0" not in name, "a name")
            if value[0] == 1:
                need(len(value) == 9, "a dictionary")
                yield f"{path}/{name}/"
                yield from self.walk(struct.unpack_from("<Q", value, 1)[0], f"{path}/{name}")
                continue
            (time,) = struct.unpack_from("<q", value, 1)
            need(0 <= time <= 3155378975999999999, "a time")
            if value[0] == 2:
                content = value[9:]
            else:
                need(value[0] == 3 and len(value) == 25, "a row of a name")
                content = self.content(*struct.unpack_from("<QQ", value, 9))
            yield f"{path}/{name} {len(content)} {crc32c(content):08x}"

    def map_entry(self, level, index, entry):
        """The data pages in use below an entry of the map."""
        generation, checksum, last = struct.unpack("<QII", entry)
        each = self.bits * self.fan ** level
        first = self.first_data + index * each
        covered = max(0, min(each, self.pages - first))
        if generation == 0:
            return set()
        number = self.levels[level][0] + 2 * index + (last & 1)
        page, kind, own, count = self.page(number, generation, checksum)
        used = set()
        if level == 0:
            need((kind, own, count, len(page)) == (3, 0, 0, 32 + -(-covered // 64) * 8), f"page {number}: no map")
            bits = int.from_bytes(page[32:], "little")
            need(bits >> covered == 0, f"page {number}: bits behind the end")
            used = {first + bit for bit in range(covered) if bits >> bit & 1}
        else:
            below = range(index * self.fan, min((index + 1) * self.fan, self.levels[level - 1][1]))
            need((kind, own, count, len(page)) == (4, level, len(below), 32 + 16 * len(below)), f"page {number}: no index")
            for place, child in enumerate(below):
                used |= self.map_entry(level - 1, child, page[32 + 16 * place:48 + 16 * place])
        need(covered - len(used) == last >> 1, f"page {number}: free pages")
        return used

    def check(self):
        self.load()
        lines = list(self.walk(1, ""))
        need(not self.chunks, "chunks of no value")
        mapped = self.map_entry(len(self.levels) - 1, 0, self.top)
        need(mapped == self.used, f"the map has {len(mapped)} pages, the tree {len(self.used)}")
        return lines


def main():
    with open(sys.argv[1], "rb") as file:
        image = file.read()
    try:
        for line in Store(image).check():
            print(line)
    except Damage as damage:
        print(damage, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
