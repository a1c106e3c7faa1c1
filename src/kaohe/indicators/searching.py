"""Finding indicators: by a text in either language, by id, and by what they are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kaohe.indicators.model import Cycle, Indicator, Library, Perspective, Role
from kaohe.indicators.problems import IndicatorNotFound, NothingChosen, ThemeNotFound, did_you_mean
from kaohe.problems import Problems, refuse
from kaohe.texts import Text, listed


@dataclass(frozen=True)
class Wanted:
    """What is looked for; None where it does not matter."""

    text: str = ""
    perspective: Perspective | None = None
    theme: str | None = None
    role: Role | None = None
    cycle: Cycle | None = None
    measured: bool | None = None


def search(library: Library, wanted: Wanted) -> tuple[Indicator, ...]:
    """The indicators that fit: every word of the text is found, and every filter holds.

    Those that bear all the words in their name or id come first; otherwise the library's order stays. Case, width and
    blanks beside Chinese letters make no difference.
    """
    if wanted.theme is not None and wanted.theme not in {theme.id for theme in library.themes}:
        raise Problems([_no_theme(library, wanted.theme)])
    words = [folded(word) for word in wanted.text.split()]
    fitting = [one for one in library.indicators if _fits(one, wanted) and _bears(words, _everything(library, one))]
    return tuple(sorted(fitting, key=lambda one: not _bears(words, _names(one))))


def choose(library: Library, ids: Sequence[str], wanted: Wanted) -> tuple[Indicator, ...]:
    """The indicators of these ids, or all where there are none, as far as they pass the filters; Problems where none does."""
    passing = search(library, replace(wanted, text=""))
    chosen = tuple(one for one in (find(library, ids) if ids else passing) if one in passing)
    refuse([] if chosen else [NothingChosen(about=ids)])
    return chosen


def find(library: Library, ids: Sequence[str]) -> tuple[Indicator, ...]:
    """The indicators of these ids, in this order, each once; Problems for all that are not there."""
    known = library.by_id
    missing = [name for name in ids if _id(name) not in known]
    refuse(IndicatorNotFound(about=[name], name=name, **did_you_mean(_id(name), known)) for name in missing)
    return tuple(known[id] for id in dict.fromkeys(map(_id, ids)))


def _no_theme(library: Library, name: str) -> ThemeNotFound:
    known = [theme.id for theme in library.themes]
    return ThemeNotFound(about=[name], name=name, known=listed(known, 20), **did_you_mean(name, known))


def folded(text: str) -> str:
    """A text as it is compared: half-width, small letters, without blanks beside Chinese letters.

    >>> folded("３ 分钟 回复率 ＦＲＴ mean")
    '3分钟回复率frt mean'
    """
    return _BESIDE_CHINESE.sub("", " ".join(unicodedata.normalize("NFKC", text).casefold().split()))


_BESIDE_CHINESE = re.compile(r"(?<=[\u2e80-\uffff]) | (?=[\u2e80-\uffff])")


def _id(name: str) -> str:
    return folded(name).replace("-", "_")


def _fits(one: Indicator, wanted: Wanted) -> bool:
    return (
        wanted.perspective in (None, one.perspective)
        and wanted.theme in (None, one.theme)
        and (wanted.role is None or wanted.role in one.roles)
        and (wanted.cycle is None or wanted.cycle in one.cycle)
        and wanted.measured in (None, one.measured)
    )


def _bears(words: Sequence[str], text: str) -> bool:
    return all(word in text for word in words)


def _joined(texts: Iterable[Text]) -> str:
    return "\n".join(folded(side) for text in texts for side in (text.zh, text.en))


def _names(one: Indicator) -> str:
    return "\n".join([one.id, one.id.replace("_", " "), one.fed_by, _joined([one.name])])


def _everything(library: Library, one: Indicator) -> str:
    theme = library.theme(one.theme)
    texts = [one.definition, one.formula, one.source, one.usual, theme.name, *one.pitfalls, *(part.name for part in one.parts.values())]
    return f"{_names(one)}\n{theme.id}\n{_joined(texts)}"
