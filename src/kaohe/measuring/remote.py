"""Files that stand elsewhere (s3://, oss://, https://, memory:// …), through fsspec: fetched under a bound, then read like any other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from kaohe.measuring.opening import CHUNK, Limits, Progress, refuse_size
from kaohe.measuring.problems import ExtraMissing, FileNotFound, RemoteFailed
from kaohe.problems import Place, refuse

try:
    import fsspec
    from fsspec.registry import known_implementations
except ImportError:
    fsspec = None

MAGIC = re.compile(r"[*\[]")  # no question mark: it begins what signs an address
LOCAL = re.compile(r"[/\\\x00]")


def remote_files(pattern: str) -> list[str]:
    """The addresses that an address or a glob leads to, sorted; raises Problems for none."""
    with _telling(pattern):
        store, path = fsspec.core.url_to_fs(pattern)
        found = [path] if not MAGIC.search(path) and store.isfile(path) else store.glob(path)
        files = sorted(str(one) for one in found if store.isfile(one))
        refuse([] if files else [FileNotFound(Place(shown(pattern)), [name_of(pattern)], path=shown(pattern))])
        return [pattern] if files == [path] else [str(store.unstrip_protocol(one)) for one in files]


def fetch_remote(address: str, folder: Path, limits: Limits, progress: Progress) -> Path:
    """A copy of the file in a folder, under its own name; raises Problems beyond `limits.fetched_bytes`."""
    target = folder / name_of(address)
    with _telling(address):
        store, path = fsspec.core.url_to_fs(address)
        total, done = int(store.size(path) or 0), 0
        with store.open(path, "rb", block_size=CHUNK, cache_type="none") as file, target.open("wb") as copy:
            while chunk := file.read(CHUNK):
                done += len(chunk)
                if done > limits.fetched_bytes:
                    refuse_size(
                        Place(target.name), "取回的大小（字节）", "the fetched size in bytes", done, limits.fetched_bytes, "fetched_bytes"
                    )
                copy.write(chunk)
                progress("fetch", done, total)
    return target


def name_of(address: str) -> str:
    """The file's name: the last part of the path, without what may follow a question mark."""
    return LOCAL.sub("", urlsplit(address).path.rstrip("/").rpartition("/")[2] or urlsplit(address).netloc) or "remote"


def shown(address: str) -> str:
    """An address without whoever signs in there and without its signature."""
    parts = urlsplit(address)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


@contextmanager
def _telling(address: str) -> Iterator[None]:
    """What goes wrong with a store becomes a problem, in which no password stands."""
    place, kind = Place(shown(address)), urlsplit(address).scheme
    if fsspec is None:
        refuse([ExtraMissing(place, [kind], what=f"{kind}://", package="fsspec", extra="remote")])
    try:
        yield
    except ImportError as error:
        refuse([ExtraMissing(place, [kind], what=f"{kind}://", package=_package_of(error, kind), extra="remote")])
    except (OSError, ValueError) as error:
        refuse([RemoteFailed(place, [name_of(address)], why=_told(error, address))])


def _package_of(error: ImportError, kind: str) -> str:
    return error.name or str(known_implementations.get(kind, {}).get("class", kind)).partition(".")[0]


def _told(error: Exception, address: str) -> str:
    text = " ".join(str(error).split())[:300] or type(error).__name__
    parts = urlsplit(address)
    for secret in filter(None, (address, parts.query, parts.password, parts.netloc.partition("@")[0] if "@" in parts.netloc else "")):
        text = text.replace(secret, "…")
    return text
