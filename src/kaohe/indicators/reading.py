"""From the library's files to its indicators, or to every problem in them with its line.

One YAML file holds one theme: `theme`, `order`, `name`, `about`, and `indicators` by id.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from kaohe.documents import Branch, line_of, read_document
from kaohe.indicators.checks import check_indicator, check_shared
from kaohe.indicators.model import Entry, Indicator, Library, Part, Scored, Theme
from kaohe.indicators.problems import (
    IndicatorKeyMissing,
    IndicatorKeyUnknown,
    IndicatorOneLanguage,
    IndicatorTwice,
    IndicatorValueWrong,
    did_you_mean,
)
from kaohe.problems import Place, Problem, refuse

HERE = Path(__file__).resolve().parent
LARGEST = 400_000  # bytes of one theme's file
FIELDS = {
    "": ("theme", "order", "name", "about", "indicators"),
    "indicator": tuple(name for name in Indicator.model_fields if name not in ("id", "theme")),
    "scored": tuple(Scored.model_fields),
    "parts": tuple(Part.model_fields),
}
REASONS = {
    "string_pattern_mismatch": ("的写法不对", "is not written as it must be"),
    "literal_error": ("不在可选值之中", "is none of the words that it can be"),
    "no_number": ("不是数字", "is no number"),
    "int_parsing": ("应是整数", "must be a whole number"),
    "bool_parsing": ("应是 yes 或 no", "must be yes or no"),
    "tuple_type": ("应是列表", "must be a list"),
    "dict_type": ("应是一组“键： 值”", "must be keys and values"),
    "model_type": ("应是一组“键： 值”", "must be keys and values"),
    "too_short": ("不能为空", "must not be empty"),
}
OTHERWISE = ("的写法不对", "is not written as it must be")

AnEntry = TypeVar("AnEntry", bound=Entry)


def indicators_folder() -> Path:
    """The folder of the library's files: beside this package when installed, at the root of a checkout."""
    installed = HERE / "themes"
    return installed if installed.is_dir() else HERE.parents[2] / "indicators"


@lru_cache(maxsize=1)
def read_library() -> Library:
    """The library that comes with Kaohe."""
    return read_indicators(indicators_folder())


def read_indicators(folder: Path) -> Library:
    """The themes and indicators of a folder's YAML files; raises Problems, all of them at once."""
    files = [_File.read(path) for path in sorted(folder.glob("*.yaml"))]
    problems = [problem for file in files for problem in file.problems]
    themes = sorted((file.theme for file in files if file.theme is not None), key=lambda theme: theme.order)
    problems += _twice(files)
    found = {one.id: one for file in files for one in file.indicators}
    places = {one.id: file.place((one.id,)) for file in files for one in file.indicators}
    problems += check_shared(found.values(), lambda one: places[one.id])
    refuse(problems)
    order = {theme.id: theme.order for theme in themes}
    return Library(themes=tuple(themes), indicators=tuple(sorted(found.values(), key=lambda one: order[one.theme])))


def _twice(files: list[_File]) -> Iterator[Problem]:
    """Ids that two files define."""
    homes: dict[str, _File] = {}
    for file in files:
        for id in file.ids():
            if homes.setdefault(id, file) is not file:
                yield IndicatorTwice(file.place((id,)), [id], name=id, other=homes[id].path.name)
    themes: dict[str, _File] = {}
    for file in [file for file in files if file.theme is not None]:
        id = str(file.tree["theme"])
        if themes.setdefault(id, file) is not file:
            yield IndicatorTwice(file.place(()), [id], name=id, other=themes[id].path.name)


@dataclass
class _File:
    """One theme's file: its tree, what it says, what is wrong with it."""

    path: Path
    tree: Branch
    problems: list[Problem]
    theme: Theme | None = None
    indicators: tuple[Indicator, ...] = ()

    @classmethod
    def read(cls, path: Path) -> _File:
        tree, problems = read_document(path, LARGEST)
        file = cls(path, tree if tree is not None else Branch(1), problems)
        if tree is not None:
            file.theme = file._theme()
            file.indicators = tuple(file._indicators())
        return file

    def place(self, path: tuple[object, ...]) -> Place:
        """Where something about an indicator stands."""
        return Place(str(self.path), line=line_of(self.tree, ("indicators", *path) if path else ()) or 1)

    def ids(self) -> list[str]:
        """The ids that the file defines, sound or not."""
        entries = self.tree.get("indicators")
        return list(entries) if isinstance(entries, dict) else []

    def _theme(self) -> Theme | None:
        said = {"id" if key == "theme" else key: value for key, value in self.tree.items() if key != "indicators"}
        return self._valid(Theme, said, self.path.name, ())

    def _indicators(self) -> Iterator[Indicator]:
        entries = self.tree.get("indicators")
        if not isinstance(entries, dict) or not entries:
            self.problems.append(IndicatorKeyMissing(self.place(()), ["indicators"], where=self.path.name, key="indicators"))
            return
        for id, entry in entries.items():
            said = dict(entry) if isinstance(entry, dict) else {}
            made = {"id": id, "theme": str(self.tree.get("theme"))}
            indicator = self._valid(Indicator, {**said, **made}, id, (id,))
            if indicator is not None:
                self.problems += check_indicator(indicator, self.place((id,)))
                yield indicator

    def _valid(self, kind: type[AnEntry], said: dict[str, object], where: str, home: tuple[object, ...]) -> AnEntry | None:
        try:
            return kind.model_validate(said)
        except ValidationError as error:
            self.problems += [self._problem(detail, where, home) for detail in _first_causes(error.errors())]
            return None

    def _problem(self, detail: ErrorDetails, where: str, home: tuple[object, ...]) -> Problem:
        path = tuple(step for step in detail["loc"] if step != "[key]")
        words = [str(step) for step in path if isinstance(step, str)]
        key, place = ".".join(words) or where, self.place((*home, *path))
        kind, about = detail["type"], [where, *words]
        if kind == "extra_forbidden":
            known = FIELDS["indicator" if len(words) == 1 and home else words[0] if home else ""]
            hint = did_you_mean(words[-1], known)
            return IndicatorKeyUnknown(place, about, where=where, key=words[-1], known=", ".join(known), **hint)
        if kind == "missing":
            return IndicatorKeyMissing(place, about, where=where, key="theme" if key == "id" else key)
        if kind == "one_language":
            return IndicatorOneLanguage(place, about, where=where, key=key)
        why_zh, why_en = REASONS.get(kind, OTHERWISE)
        return IndicatorValueWrong(place, about, where=where, key=key, why_zh=why_zh, why_en=why_en)


def _first_causes(details: list[ErrorDetails]) -> list[ErrorDetails]:
    """What is wrong, without the complaint that a list is too short because its entries are wrong."""
    inner = {detail["loc"][0] for detail in details if len(detail["loc"]) > 1}
    return [detail for detail in details if detail["type"] != "too_short" or detail["loc"][0] not in inner]
