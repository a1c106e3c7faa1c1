"""Files opened under bounds: what is compressed unpacks as a stream, and stops where it is too much.

A megabyte that would unpack to gigabytes, a line of a gigabyte, a workbook stuffed with zeros:
each is refused with the bound that it broke, before it is held in memory. The bounds are settings.
"""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import zstandard

from kaohe.measuring.problems import FileTooLarge, FileUnreadable
from kaohe.problems import Place, refuse

CHUNK = 1 << 20
ZSTD_WINDOW = 1 << 27
DAMAGED = (OSError, EOFError, zlib.error, zstandard.ZstdError, zipfile.BadZipFile)

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Limits:
    """What a file may be at most. Raise a bound by hand where a file is rightly larger."""

    unpacked_bytes: int = 50 << 30
    unpacked_ratio: int = 200
    ratio_free_bytes: int = 64 << 20
    line_bytes: int = 8 << 20
    header_bytes: int = 1 << 20
    columns: int = 2000
    workbook_bytes: int = 100 << 20
    workbook_ratio: int = 100
    workbook_entries: int = 500
    fetched_bytes: int = 50 << 30


LIMITS = Limits()


def no_progress(stage: str, done: int, total: int) -> None:
    """Tells nobody how far the work is."""


@contextmanager
def telling_damage(place: Place) -> Iterator[None]:
    """What goes wrong while a file is read becomes a problem with that file."""
    try:
        yield
    except DAMAGED as error:
        refuse([FileUnreadable(place, [place.file], why=str(error) or type(error).__name__)])


def file_hash(path: Path, progress: Progress = no_progress) -> str:
    """The SHA-256 of a file's bytes, in hex."""
    digest = hashlib.sha256()
    total, done = path.stat().st_size, 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            done += len(chunk)
            progress("hash", done, total)
    return digest.hexdigest()


def text_kind(path: Path) -> str:
    """The ending of a file's name without what it is packed in: `.csv` for `calls.csv.zst`."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    return suffixes[-2] if len(suffixes) > 1 and suffixes[-1] in PACKINGS else "".join(suffixes[-1:])


class BoundedStream(io.RawIOBase):
    """The unpacked bytes of a file, up to what the limits allow; beyond, Problems are raised.

    `position` tells how many bytes of the file itself have been read, `unpacked` how many came of them.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        self._file = path.open("rb")
        self._packed = path.suffix.lower() in PACKINGS
        self._inner = PACKINGS[path.suffix.lower()](self._file) if self._packed else self._file
        self._place = Place(path.name)
        self._size = max(1, path.stat().st_size)
        self._limits = limits
        self.unpacked = 0
        self.position = 0

    def readable(self) -> bool:
        """That it can be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer with what comes next; how many bytes that was."""
        with telling_damage(self._place):
            chunk = self._inner.read(min(len(buffer), CHUNK))
        buffer[: len(chunk)] = chunk
        self.unpacked += len(chunk)
        self.position = self._file.tell()
        if self._packed:
            self._check()
        return len(chunk)

    def close(self) -> None:
        """Close the file beneath as well."""
        self._file.close()
        super().close()

    def _check(self) -> None:
        limits = self._limits
        if self.unpacked > limits.unpacked_bytes:
            refuse_size(
                self._place, "解压后大小（字节）", "the unpacked size in bytes", self.unpacked, limits.unpacked_bytes, "unpacked_bytes"
            )
        ratio = self.unpacked // self._size
        if self.unpacked > limits.ratio_free_bytes and ratio > limits.unpacked_ratio:
            refuse_size(self._place, "压缩比", "the ratio of unpacked to packed size", ratio, limits.unpacked_ratio, "unpacked_ratio")


def _open_zstd(file: BinaryIO) -> BinaryIO:
    reader = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW).stream_reader(file, read_across_frames=True, read_size=1 << 14)
    return reader


def _open_gzip(file: BinaryIO) -> BinaryIO:
    return gzip.GzipFile(fileobj=file)  # type: ignore[return-value]


PACKINGS: dict[str, Callable[[BinaryIO], BinaryIO]] = {".gz": _open_gzip, ".zst": _open_zstd, ".zstd": _open_zstd}


def refuse_size(place: Place, what_zh: str, what_en: str, found: int, most: int, setting: str) -> None:
    """Raise that something is larger than the named setting allows."""
    refuse([FileTooLarge(place, [place.file], what_zh=what_zh, what_en=what_en, found=found, most=most, setting=setting)])


# --- text: how it is encoded, and that no line is endless ---------------------------------------------


@dataclass(frozen=True)
class Writing:
    """How a text file is written: its encoding, and whether some of its bytes make no sense in it."""

    encoding: str
    has_bad_bytes: bool


def look_through(path: Path, encoding: str, limits: Limits, progress: Progress = no_progress) -> Writing:
    """How a text file is written, found by reading all of it.

    `auto` takes UTF-8 unless half of its letters beyond ASCII make no sense in it, else GB18030: damage to a
    UTF-8 file leaves most of it whole, a GB18030 file read as UTF-8 is nothing but damage. Lines
    beyond the bound are refused here, before anybody holds one in memory.
    """
    first = _decoded(path, "utf-8-sig" if encoding == "auto" else encoding, limits, progress)
    if encoding == "auto" and first.bad * 2 > first.foreign:
        first = _decoded(path, "gb18030", limits, progress)
    return Writing(first.encoding, first.bad > 0)


def _decoded(path: Path, encoding: str, limits: Limits, progress: Progress) -> _Decoding:
    decoding, since_newline, size = _Decoding(encoding), 0, path.stat().st_size
    with BoundedStream(path, limits) as stream:
        while chunk := stream.read(CHUNK):
            since_newline = _line_length(chunk, since_newline)
            if since_newline > limits.line_bytes:
                refuse_line(Place(path.name), since_newline, limits)
            decoding.feed(chunk)
            progress("look", stream.position, size)
    decoding.feed(b"", final=True)
    return decoding


def refuse_line(place: Place, length: int, limits: Limits) -> None:
    """Raise that a line is longer than the bound."""
    refuse_size(place, "一行的长度（字节）至少", "the length of a line in bytes", length, limits.line_bytes, "line_bytes")


def _line_length(chunk: bytes, since: int) -> int:
    """How long the line is that the chunk leaves open, or, without any break, that it goes on with."""
    last = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
    return since + len(chunk) if last < 0 else len(chunk) - last - 1


class _Decoding:
    """One encoding tried on a stream: how many letters beyond ASCII it gave, and how many of them are damage."""

    def __init__(self, encoding: str) -> None:
        self.encoding = encoding
        self.bad = self.foreign = 0
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")

    def feed(self, chunk: bytes, final: bool = False) -> None:
        text = self._decoder.decode(chunk, final)
        if not text.isascii():
            self.foreign += len(text) - len(text.encode("ascii", "ignore"))
            self.bad += text.count("\ufffd")


# --- workbooks ------------------------------------------------------------------------------------


def guard_workbook(path: Path, limits: Limits) -> None:
    """Raise Problems for a workbook that unpacks to more than the bounds, without unpacking it."""
    place = Place(path.name)
    with telling_damage(place), zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    ratio = unpacked // max(1, path.stat().st_size)
    checks = (
        ("文件数", "the number of entries", len(entries), limits.workbook_entries, "workbook_entries"),
        ("解压后大小（字节）", "the unpacked size in bytes", unpacked, limits.workbook_bytes, "workbook_bytes"),
        ("压缩比", "the ratio of unpacked to packed size", ratio, limits.workbook_ratio, "workbook_ratio"),
    )
    for what_zh, what_en, found, most, setting in checks:
        if found > most:
            refuse_size(place, what_zh, what_en, found, most, setting)
