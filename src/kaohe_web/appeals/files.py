"""What may be handed in with an appeal: small, of a kind that its own first bytes show."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from django.core.files.uploadedfile import UploadedFile

from kaohe_web.site.refusals import Refused

MOST = 5
MEGABYTES = 10
LARGEST = MEGABYTES * 1024 * 1024
HEAD = 4096
SIGNS: dict[str, tuple[bytes, ...]] = {
    ".pdf": (b"%PDF-",),
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".webp": (b"RIFF",),
    ".docx": (b"PK\x03\x04",),
    ".xlsx": (b"PK\x03\x04",),
}
PLAIN = (".txt", ".csv")
KINDS = "PDF、PNG、JPG、WEBP、DOCX、XLSX、TXT、CSV"
KINDS_EN = "PDF, PNG, JPG, WEBP, DOCX, XLSX, TXT, CSV"


def refuse_unfit(files: Sequence[UploadedFile]) -> None:
    """Refused with every reason where a file is too large, empty, of another kind, or not what its name says."""
    reasons = [reason for file in files for reason in _reasons(file)]
    if len(files) > MOST:
        reasons.insert(0, (f"最多附 {MOST} 个文件。", f"At most {MOST} files."))
    if reasons:
        first, *more = reasons
        raise Refused(*first, *more)


def _reasons(file: UploadedFile) -> list[tuple[str, str]]:
    name, size = shown_name(file.name or ""), file.size or 0
    if size > LARGEST:
        return [(f"“{name}”超过 {MEGABYTES} MB。", f"“{name}” is larger than {MEGABYTES} MB.")]
    if not size:
        return [(f"“{name}”是空的。", f"“{name}” is empty.")]
    suffix = PurePath(name).suffix.lower()
    if suffix not in SIGNS and suffix not in PLAIN:
        return [(f"“{name}”不是可以附的类型：{KINDS}。", f"“{name}” is of a kind that is not taken: {KINDS_EN}.")]
    if not _is_what_it_says(file, suffix):
        return [(f"“{name}”的内容不是它名字所说的类型。", f"“{name}” is not what its name says.")]
    return []


def _is_what_it_says(file: UploadedFile, suffix: str) -> bool:
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    if suffix in SIGNS:
        return head.startswith(SIGNS[suffix]) and (suffix != ".webp" or head[8:12] == b"WEBP")
    return b"\x00" not in head


def shown_name(name: str) -> str:
    """A file's name without folders and control signs, at most 120 long, its ending kept."""
    plain = "".join(sign for sign in PurePath(name.replace("\\", "/")).name if sign.isprintable())
    stem, suffix = PurePath(plain).stem, PurePath(plain).suffix
    return f"{stem[: 120 - len(suffix)]}{suffix}"
