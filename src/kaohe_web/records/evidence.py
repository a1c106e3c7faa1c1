"""A file that somebody hands in as evidence: known by what is in it, never by its name; only kinds that people need."""

from __future__ import annotations

from uuid import uuid4

from django.core.files.uploadedfile import UploadedFile

from kaohe_web.site.refusals import Refused

MOST_BYTES = 10 * 1024 * 1024
HEAD = 4096
SIGNS: tuple[tuple[bytes, int, str], ...] = (
    (b"%PDF-", 0, "pdf"),
    (b"\x89PNG\r\n\x1a\n", 0, "png"),
    (b"\xff\xd8\xff", 0, "jpg"),
    (b"WEBP", 8, "webp"),
    (b"WAVE", 8, "wav"),
    (b"ID3", 0, "mp3"),
    (b"\xff\xfb", 0, "mp3"),
    (b"OggS", 0, "ogg"),
    (b"ftyp", 4, "m4a"),
)
OFFICE = ((b"xl/", "xlsx"), (b"word/", "docx"))
MEDIA = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "m4a": "audio/mp4",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "txt": "text/plain; charset=utf-8",
}
ACCEPTED = ".pdf,.png,.jpg,.jpeg,.webp,.wav,.mp3,.ogg,.m4a,.xlsx,.docx,.txt"


def kind_of(file: UploadedFile) -> str:
    """What a file is, by its own bytes; empty for what is not taken."""
    file.seek(0)
    content = file.read(HEAD)
    file.seek(0)
    for sign, place, kind in SIGNS:
        if content[place : place + len(sign)] == sign:
            return kind
    return _office(file) if content[:4] == b"PK\x03\x04" else _text(content)


def _office(file: UploadedFile) -> str:
    """A workbook or a document of an office program, by the names inside; not every archive."""
    content = file.read()
    file.seek(0)
    if b"[Content_Types].xml" not in content or b"vbaProject" in content:
        return ""
    return next((kind for sign, kind in OFFICE if sign in content), "")


def _text(content: bytes) -> str:
    """Plain text without control characters; markup is none."""
    try:
        words = content.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    plain = words.strip() and not words.lstrip().startswith("<") and all(sign >= " " or sign in "\n\r\t" for sign in words)
    return "txt" if plain else ""


def taken_in(file: UploadedFile | None) -> UploadedFile | None:
    """A file under a name of our own; refused where it is too large or of a kind that is not taken."""
    if file is None:
        return None
    size = file.size or 0
    if size > MOST_BYTES:
        raise Refused(
            f"文件有 {size // 1024 // 1024} MB，最多 {MOST_BYTES // 1024 // 1024} MB。",
            f"The file has {size // 1024 // 1024} MB; at most {MOST_BYTES // 1024 // 1024} MB are taken.",
        )
    kind = kind_of(file) if size else ""
    if not kind:
        raise Refused(
            "只收图片、PDF、录音、Excel、Word 或纯文本，并按文件内容判断。",
            "Pictures, PDF, recordings, Excel, Word and plain text are taken, by what is in the file.",
        )
    file.name = f"{uuid4().hex}.{kind}"
    return file
