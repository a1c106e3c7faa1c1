"""Files opened under bounds: whatever is larger than facts ever are is refused before it is held in memory."""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import zstandard

from kaohe.fact_problems import SourceTooLarge, SourceUnreadable
from kaohe.problems import Place, Problems

CHUNK = 1 << 20
ZSTD_WINDOW = 1 << 27
DAMAGED = (OSError, EOFError, zlib.error, zstandard.ZstdError, zipfile.BadZipFile, NotImplementedError)


@dataclass(frozen=True)
class Limits:
    """What a source of facts may be at most."""

    text_bytes: int = 512 << 20
    text_ratio: int = 100
    ratio_free_bytes: int = 8 << 20
    line_bytes: int = 1 << 20
    columns: int = 2_000
    rows: int = 5_000_000
    workbook_bytes: int = 20 << 20
    unpacked_bytes: int = 100 << 20
    unpacked_ratio: int = 100
    ratio_free_entry: int = 1 << 20
    entries: int = 500
    cells: int = 5_000_000


LIMITS = Limits()


def too_large(place: Place, what_zh: str, what_en: str, found: int, most: int) -> Problems:
    """The refusal of something that is larger than its bound."""
    return Problems([SourceTooLarge(place, [place.file], what_zh=what_zh, what_en=what_en, found=found, most=most)])


def unreadable(place: Place, why_zh: str, why_en: str = "") -> Problems:
    """The refusal of something that is not what its name says."""
    return Problems([SourceUnreadable(place, [place.file], why_zh=why_zh, why_en=why_en or why_zh)])


@contextmanager
def telling_damage(place: Place) -> Iterator[None]:
    """What goes wrong while a file is read becomes a problem with that file."""
    try:
        yield
    except DAMAGED as error:
        raise unreadable(place, str(error) or type(error).__name__) from None


# --- text -----------------------------------------------------------------------------------------


def _open_zstd(file: BinaryIO) -> BinaryIO:
    return zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW).stream_reader(file, read_across_frames=True)


def _open_gzip(file: BinaryIO) -> BinaryIO:
    return gzip.GzipFile(fileobj=file)  # type: ignore[return-value]


PACKINGS: dict[str, Callable[[BinaryIO], BinaryIO]] = {".gz": _open_gzip, ".zst": _open_zstd, ".zstd": _open_zstd}


def unpacked(path: Path) -> BinaryIO:
    """The bytes of a file, unpacked on the way where its name says that it is packed."""
    opener = PACKINGS.get(path.suffix.lower())
    file = path.open("rb")
    return file if opener is None else opener(file)


def text_of(path: Path, place: Place, limits: Limits = LIMITS) -> io.TextIOWrapper:
    """The text of a file, to be read line by line; Problems for one that is too large, or no text.

    The whole file is looked through first: its size, its longest line, whether it is UTF-8 or GBK.
    """
    with telling_damage(place):
        encoding = _look_through(path, place, limits)
        return io.TextIOWrapper(unpacked(path), encoding=encoding, newline="")


def _look_through(path: Path, place: Place, limits: Limits) -> str:
    packed = path.suffix.lower() in PACKINGS
    size, total, line = max(1, path.stat().st_size), 0, 0
    head = b""
    readings = {"utf-8-sig": _Reading("utf-8"), "gb18030": _Reading("gb18030")}
    with unpacked(path) as stream:
        while chunk := stream.read(CHUNK):
            head = head or chunk[:4]
            total += len(chunk)
            if total > limits.text_bytes:
                raise too_large(place, "大小（字节）", "the size in bytes", total, limits.text_bytes)
            if packed and total > limits.ratio_free_bytes and total // size > limits.text_ratio:
                raise too_large(place, "压缩比", "the ratio of unpacked to packed size", total // size, limits.text_ratio)
            line = _longest_line(chunk, line)
            if line > limits.line_bytes:
                raise too_large(place, "一行的长度（字节）至少", "the length of a line in bytes", line, limits.line_bytes)
            for reading in readings.values():
                reading.feed(chunk)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    for encoding, reading in readings.items():
        if reading.whole():
            return encoding
    raise unreadable(place, "既不是 UTF-8 也不是 GBK 编码的文本", "it is neither UTF-8 nor GBK text")


def _longest_line(chunk: bytes, since: int) -> int:
    """How long the line is that the chunk leaves open, or goes on with."""
    last = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
    return since + len(chunk) if last < 0 else len(chunk) - last - 1


class _Reading:
    """Whether a stream makes sense in an encoding."""

    def __init__(self, encoding: str) -> None:
        self.decoder = codecs.getincrementaldecoder(encoding)()
        self.sound = True

    def feed(self, chunk: bytes, final: bool = False) -> None:
        """Take the next bytes; nothing more is looked at once some made no sense."""
        if not self.sound:
            return
        try:
            self.decoder.decode(chunk, final)
        except UnicodeDecodeError:
            self.sound = False

    def whole(self) -> bool:
        """Whether everything made sense, the end included."""
        self.feed(b"", final=True)
        return self.sound


# --- workbooks ------------------------------------------------------------------------------------

_REFERENCE = re.compile(rb'r="([A-Z]{1,4})?(\d{1,9})"')


def guard_workbook(path: Path, place: Place, limits: Limits = LIMITS) -> None:
    """Raise Problems for a workbook that unpacks to more than the bounds, without unpacking it whole."""
    size = path.stat().st_size
    if size > limits.workbook_bytes:
        raise too_large(place, "大小（字节）", "the size in bytes", size, limits.workbook_bytes)
    with telling_damage(place), zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        _guard_entries(entries, place, limits)
        for entry in entries:
            if entry.filename.startswith("xl/worksheets/") and entry.filename.endswith(".xml"):
                _guard_sheet(archive, entry, place, limits)


def _guard_entries(entries: list[zipfile.ZipInfo], place: Place, limits: Limits) -> None:
    if len(entries) > limits.entries:
        raise too_large(place, "文件数", "the number of entries", len(entries), limits.entries)
    total = sum(entry.file_size for entry in entries)
    if total > limits.unpacked_bytes:
        raise too_large(place, "解压后大小（字节）", "the unpacked size in bytes", total, limits.unpacked_bytes)
    for entry in entries:
        ratio = entry.file_size // max(1, entry.compress_size)
        if entry.file_size > limits.ratio_free_entry and ratio > limits.unpacked_ratio:
            raise too_large(place, "压缩比", "the ratio of unpacked to packed size", ratio, limits.unpacked_ratio)


def _guard_sheet(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, place: Place, limits: Limits) -> None:
    """Refuse a sheet whose last row times last column is more than its reader could hold: it fills the gaps."""
    rows, columns, tail = 1, 1, b""
    with archive.open(entry) as sheet:
        while chunk := sheet.read(CHUNK):
            text = tail + chunk
            tail = text[-64:]
            for letters, digits in set(_REFERENCE.findall(text)):
                rows = max(rows, int(digits))
                columns = max(columns, _column_number(letters))
            if columns > limits.columns:
                raise too_large(place, "列数", "the number of columns", columns, limits.columns)
            if rows * columns > limits.cells:
                raise too_large(place, "单元格数", "the number of cells", rows * columns, limits.cells)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
