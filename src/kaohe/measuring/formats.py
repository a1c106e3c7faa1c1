"""The kinds of files that can be read, by what their names end in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kaohe.measuring.definitions import Source
from kaohe.measuring.files import CsvFile, ParquetFile, RawFile, Workbook
from kaohe.measuring.json_lines import JsonLinesFile
from kaohe.measuring.opening import LIMITS, Limits, Progress, no_progress, telling_damage, text_kind
from kaohe.measuring.problems import FileKindUnknown
from kaohe.problems import Place, refuse

OPENERS: dict[str, Callable[[Path, Source, Limits, Progress], RawFile]] = {
    ".csv": CsvFile,
    ".tsv": CsvFile,
    ".txt": CsvFile,
    ".jsonl": JsonLinesFile,
    ".ndjson": JsonLinesFile,
    ".xlsx": Workbook,
    ".xlsm": Workbook,
    ".parquet": ParquetFile,
}


def open_source(path: Path, source: Source, limits: Limits = LIMITS, progress: Progress = no_progress) -> RawFile:
    """The file, opened by what its name ends in; raises Problems for what it is not."""
    kind = text_kind(path)
    if kind not in OPENERS:
        refuse([FileKindUnknown(Place(path.name), [path.name], known=", ".join([*OPENERS, ".csv.gz", ".jsonl.zst"]))])
    with telling_damage(Place(path.name)):
        return OPENERS[kind](path, source, limits, progress)
