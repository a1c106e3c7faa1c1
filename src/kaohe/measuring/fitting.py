"""Whether cells fit a column, and how they would have to be read: formats, units, places, words.

What several readings fit alike is a doubt, to be decided by a person.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from kaohe.measuring.cells import Fault, reader_of
from kaohe.measuring.definitions import Column
from kaohe.texts import Text, listed

UTC = ZoneInfo("UTC")
MISSING = ("-", "--", "—", "?", "n/a", "N/A", "null", "NULL", "None", "无", "暂无数据", "/")
FORMATS = (
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %I:%M %p",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y %H:%M:%S",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d.%m.%Y",
    "%Y%m%d",
    "%Y%m%d%H%M%S",
    "%Y%m%d %H:%M:%S",
)
EPOCHS = (("unix", re.compile(r"1\d{9}(\.\d+)?")), ("unix_ms", re.compile(r"1\d{12}")))
UNIT_WORDS = (
    ("milliseconds", ("毫秒", "(ms)", "_ms")),
    ("minutes", ("分钟", "(分)", "minute", "_min", "(min)")),
    ("hours", ("小时", "hour")),
)
TWO_PARTS = re.compile(r"\d{1,3}:[0-5]?\d")
YES_NO = (  # each word for yes beside its word for no
    ("是", "否"),
    ("有", "无"),
    ("已解决", "未解决"),
    ("成立", "不成立"),
    ("有责", "无责"),
    ("有效", "无效"),
    ("合格", "不合格"),
    ("通过", "未通过"),
    ("接通", "未接通"),
    ("已接", "未接"),
    ("已", "未"),
    ("yes", "no"),
    ("y", "n"),
    ("true", "false"),
    ("t", "f"),
    ("1", "0"),
    ("√", "×"),
)
DAY_OR_MONTH = Text("日在前还是月在前？样本里看不出来", "does the day or the month come first? the rows looked at do not tell")
MINUTES_OR_HOURS = Text(
    "12:30 是 12 分 30 秒（mm:ss）还是 12 小时 30 分（hh:mm）？", "is 12:30 twelve minutes (mm:ss) or twelve hours (hh:mm)?"
)
FITS, MOSTLY, KNOWN_TEXT, UNFIT = 40, 25, 15, -100


@dataclass(frozen=True)
class Fit:
    """How much cells speak for a column (of 40; far below 0 where they cannot be it), how they read, what is in doubt."""

    points: int
    update: Mapping[str, object] = field(default_factory=dict)
    doubts: tuple[Text, ...] = ()


def fit_of(cells: Sequence[str], column: Column, header: str) -> Fit:
    """Whether the filled cells under a header fit a column."""
    marks = tuple(mark for mark in MISSING if mark in cells)
    filled = [cell for cell in dict.fromkeys(cells) if cell not in MISSING]
    if not filled:
        return Fit(0, {"missing": marks}, (Text("样本中这一列全空", "no cell is filled among the rows looked at"),))
    fit = FITTERS.get(column.type, _fit_plain)(filled, column, header)
    return Fit(fit.points, {**fit.update, **({"missing": marks} if marks else {})}, fit.doubts)


def _share(cells: Sequence[str], column: Column) -> int:
    """Of a hundred cells, how many can be read."""
    read = reader_of(column, UTC)
    return 100 * sum(not isinstance(read(cell), Fault) for cell in cells) // len(cells)


def _by_share(cells: Sequence[str], column: Column, update: Mapping[str, object], doubts: tuple[Text, ...] = ()) -> Fit:
    share = _share(cells, column.model_copy(update=dict(update)))
    if share == 100:
        return Fit(FITS, update, doubts)
    if share < 90:
        return Fit(UNFIT)
    read = reader_of(column.model_copy(update=dict(update)), UTC)
    bad = [cell for cell in cells if isinstance(read(cell), Fault)]
    return Fit(MOSTLY, update, (*doubts, _unread(bad)))


def _unread(bad: Sequence[str]) -> Text:
    shown = listed((cell[:20] for cell in bad), 3)
    return Text(f"有些内容读不出来，会被搁置：{shown}", f"some cells cannot be read and would be set aside: {shown}")


def _fit_plain(cells: Sequence[str], column: Column, header: str) -> Fit:
    return _by_share(cells, column, {})


def _fit_number(cells: Sequence[str], column: Column, header: str) -> Fit:
    places = max([column.places, *(_places(cell) for cell in cells)])
    return _by_share(cells, column, {"places": min(places, 9)})


def _places(cell: str) -> int:
    match = re.search(r"\.(\d+)", cell)
    return len(match[1].rstrip("0")) if match else 0


def _fit_seconds(cells: Sequence[str], column: Column, header: str) -> Fit:
    unit = next((unit for unit, words in UNIT_WORDS if any(word in header.casefold() for word in words)), "seconds")
    places = {"milliseconds": 3}.get(unit, 0) or max(0, *(_places(cell) for cell in cells))
    if all(TWO_PARTS.fullmatch(cell) for cell in cells):
        doubt = Text(
            "12:30 是 12 分 30 秒（mm:ss）还是 12 小时 30 分（hh:mm）？", "is 12:30 twelve minutes (mm:ss) or twelve hours (hh:mm)?"
        )
        return _by_share(cells, column, {"unit": "mm:ss"}, (doubt,))
    return _by_share(cells, column, {"unit": unit, "places": min(places, 9)})


def _fit_moment(cells: Sequence[str], column: Column, header: str) -> Fit:
    places = 0
    if column.type == "datetime":
        places = next((step for step in (0, 3, 6) if all(_places(cell) <= step for cell in cells)), 6)
    plain = _by_share(cells, column, {"places": places} if places else {})
    if plain.points > 0:
        return plain
    epoch = next((name for name, pattern in EPOCHS if all(pattern.fullmatch(cell) for cell in cells)), "")
    if epoch:
        return _by_share(cells, column, {"formats": (epoch,), "places": 3 if epoch == "unix_ms" else places})
    fits = [form for form in FORMATS if _share(cells, column.model_copy(update={"formats": (form,)})) == 100]
    if not fits:
        return Fit(UNFIT)
    either = any(form.replace("%d/%m", "%m/%d") in fits for form in fits if form.startswith("%d/%m"))
    return Fit(FITS, {"formats": (fits[0],)}, (DAY_OR_MONTH,) if either else ())


def _fit_yes_no(cells: Sequence[str], column: Column, header: str) -> Fit:
    if _share(cells, column) == 100:
        return Fit(FITS)
    pairs = [pair for pair in YES_NO if {cell.casefold() for cell in cells} & set(pair)]
    known = {word for pair in pairs for word in pair}
    if all(cell.casefold() in known for cell in cells):
        return Fit(FITS, {"yes": tuple(yes for yes, _ in pairs), "no": tuple(no for _, no in pairs)})
    if len(cells) > 6:
        return Fit(UNFIT)
    shown = listed(cells)
    return Fit(0, {}, (Text(f"哪些算是、哪些算否？现有：{shown}", f"which of these mean yes, which no? there are: {shown}"),))


def _fit_text(cells: Sequence[str], column: Column, header: str) -> Fit:
    if not column.words:
        return Fit(KNOWN_TEXT)
    known = {cell.casefold(): text for text, words in column.words.items() for cell in (*words, text)}
    used = {text: tuple(cell for cell in cells if known.get(cell.casefold()) == text) for text in column.words}
    words = {text: found for text, found in used.items() if found}
    strange = [cell for cell in cells if cell.casefold() not in known]
    if not words:
        return Fit(UNFIT if len(cells) > 12 else 0, {"words": {}}, (_strange(strange, column),))
    return Fit(FITS if not strange else MOSTLY, {"words": words}, (_strange(strange, column),) if strange else ())


def _strange(cells: Sequence[str], column: Column) -> Text:
    shown, known = listed(cells, 6), ", ".join(column.words)
    return Text(f"这些词各算什么（{known}）：{shown}", f"what do these mean ({known}): {shown}")


FITTERS: dict[str, Callable[[Sequence[str], Column, str], Fit]] = {
    "text": _fit_text,
    "number": _fit_number,
    "seconds": _fit_seconds,
    "date": _fit_moment,
    "datetime": _fit_moment,
    "yes_no": _fit_yes_no,
}
