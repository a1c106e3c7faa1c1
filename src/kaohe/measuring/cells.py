"""One cell's text becomes one value: whole numbers, scaled decimals, days, instants, yes and no.

A cell that cannot be read gives a `Fault`: the word for why. Values are exact: a decimal is kept
as a whole number of its smallest units, and a cell that needs smaller ones is a fault, never
rounded. Whole columns are read by `read_column`, which reads each different text once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from kaohe.measuring.clocks import parse_iso, to_local, to_utc
from kaohe.measuring.definitions import Column
from kaohe.numbers import parse_number, parse_yes_no, plain_text
from kaohe.problems import Problem

MOST_UNITS = 2**63 - 1
UNITS = {
    "seconds": Fraction(1),
    "milliseconds": Fraction(1, 1000),
    "minutes": Fraction(60),
    "hours": Fraction(3600),
    "days": Fraction(86400),
    "mm:ss": Fraction(60),
    "hh:mm": Fraction(3600),
}
ARROW_TYPES: dict[str, pa.DataType] = {
    "text": pa.string(),
    "whole": pa.int64(),
    "number": pa.int64(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us"),
    "seconds": pa.int64(),
    "yes_no": pa.bool_(),
}

# Days that every year has, so that one impossible day does not keep a whole column from being read at once.
_PLAIN_DAY = r"((0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)"
_PLAIN_INSTANT = rf"^\d{{4}}-{_PLAIN_DAY}[ T]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{{1,6}})?)?$"
EPOCH = {"unix": 0, "unix_ms": 3}  # formats of a date that count seconds, or their thousandths, since 1970
_COUNT = re.compile(r"\d{1,16}(\.\d{1,9})?")
_THREE = re.compile(r"(\d{1,6}):([0-5]?\d):([0-5]?\d(?:\.\d{1,9})?)")
_TWO = re.compile(r"(\d{1,6}):([0-5]?\d(?:\.\d{1,9})?)")
_WORDS = re.compile(r"(?:(\d{1,6})(?:小时|时))?(?:(\d{1,6})(?:分钟|分))?(?:(\d{1,6}(?:\.\d{1,9})?)秒)?")


class Fault(StrEnum):
    """Why a row is set aside."""

    NOT_A_NUMBER = "not_a_number"
    NOT_WHOLE = "not_whole"
    TOO_MANY_PLACES = "too_many_places"
    TOO_LARGE = "too_large"
    NOT_A_DATE = "not_a_date"
    NO_SUCH_TIME = "no_such_local_time"
    NOT_A_DURATION = "not_a_duration"
    NOT_YES_OR_NO = "not_yes_or_no"
    MISSING = "missing"
    WRONG_COLUMN_COUNT = "wrong_column_count"
    UNDECODABLE = "undecodable"
    DIGITS_LOST = "digits_lost"
    QUOTES = "malformed_quotes"
    NOT_JSON = "malformed_json"
    UNKNOWN_WORD = "unknown_word"


FAULT_NAMES: dict[str, tuple[str, str]] = {
    Fault.NOT_A_NUMBER: ("不是数字", "not a number"),
    Fault.NOT_WHOLE: ("不是整数", "not a whole number"),
    Fault.TOO_MANY_PLACES: ("小数位数多于声明", "more decimal places than declared"),
    Fault.TOO_LARGE: ("数字太大", "too large a number"),
    Fault.NOT_A_DATE: ("不是日期或时刻", "not a date or time"),
    Fault.NO_SUCH_TIME: ("当地没有这个时刻", "a local time that never was"),
    Fault.NOT_A_DURATION: ("不是时长", "not a duration"),
    Fault.NOT_YES_OR_NO: ("既不是“是”也不是“否”", "neither yes nor no"),
    Fault.MISSING: ("必填但为空", "needed but missing"),
    Fault.WRONG_COLUMN_COUNT: ("列数与表头不符", "not as many cells as headers"),
    Fault.UNDECODABLE: ("文字编码损坏", "undecodable bytes"),
    Fault.DIGITS_LOST: ("编号被存成数字，末位已丢失", "an id stored as a number, its last digits lost"),
    Fault.QUOTES: ("引号不配对或单元格过长", "quotes that do not match, or a cell too long"),
    Fault.UNKNOWN_WORD: ("不在词表之中", "not one of the known words"),
    Fault.NOT_JSON: ("不是一个 JSON 对象，或同一个键写了两次", "not one JSON object, or a key twice"),
}

Value = int | str | bool | date | datetime
Reader = Callable[[str], Value | Fault]


@dataclass(frozen=True)
class Cells:
    """A column of values, with a fault for every row that has none though it should."""

    values: pa.Array
    faults: dict[int, Fault]


def read_column(texts: pa.Array, column: Column, zone: ZoneInfo, missing: frozenset[str]) -> Cells:
    """The values that a column of texts says; missing marks and empty cells become null."""
    trimmed = pc.utf8_trim_whitespace(texts)
    marks = pa.array(["", *missing], pa.string())
    filled = pc.if_else(pc.is_in(trimmed, value_set=marks), pa.scalar(None, pa.string()), trimmed)
    cells = _read_cells(filled, column, zone)
    return _with_missing(cells, filled) if column.needed else cells


def _read_cells(texts: pa.Array, column: Column, zone: ZoneInfo) -> Cells:
    """Texts as they are; instants written plainly all at once, the others and everything else text by text."""
    if column.type == "text" and not column.words:
        return Cells(texts, {})
    if column.type != "datetime" or column.formats or column.words:
        return _read_each_text_once(texts, column, zone)
    plain = pc.fill_null(pc.match_substring_regex(texts, _PLAIN_INSTANT), False)
    try:
        values = instants(pc.if_else(plain, texts, pa.scalar(None, pa.string())).cast(pa.timestamp("us")), column, zone)
    except pa.ArrowInvalid:
        values = None
    if values is None:
        return _read_each_text_once(texts, column, zone)
    others = _read_each_text_once(pc.if_else(plain, pa.scalar(None, pa.string()), texts), column, zone)
    return Cells(pc.if_else(plain, values, others.values), others.faults)


def instants(local: pa.Array, column: Column, zone: ZoneInfo) -> pa.Array | None:
    """The instants of local times, of aware ones as they are; None where the column's places have no unit.

    Raises pa.ArrowInvalid where one has more places or never was, for the cells to be read one by one.
    """
    unit = {0: "s", 3: "ms", 6: "us"}.get(column.places)
    if unit is None:
        return None
    aware = local if local.type.tz else pc.assume_timezone(local, str(zone), ambiguous="earliest", nonexistent="raise")
    return aware.cast(pa.timestamp(unit, aware.type.tz)).cast(pa.timestamp("us", "UTC")).cast(pa.timestamp("us"))


def _read_each_text_once(texts: pa.Array, column: Column, zone: ZoneInfo) -> Cells:
    encoded = texts.dictionary_encode()
    read = reader_of(column, zone)
    found = [read(text) for text in encoded.dictionary.to_pylist()]
    bad = {i: value for i, value in enumerate(found) if isinstance(value, Fault)}
    values = pa.array([None if isinstance(value, Fault) else value for value in found], ARROW_TYPES[column.type])
    faults = _spread(encoded.indices, bad) if bad else {}
    return Cells(values.take(encoded.indices), faults)


def _spread(indices: pa.Array, bad: dict[int, Fault]) -> dict[int, Fault]:
    """From faults by text to faults by row."""
    return {row: bad[i] for row, i in enumerate(indices.to_pylist()) if i in bad}


def _with_missing(cells: Cells, texts: pa.Array) -> Cells:
    if not texts.null_count:
        return cells
    rows = pc.indices_nonzero(texts.is_null()).to_pylist()
    return Cells(cells.values, cells.faults | dict.fromkeys(rows, Fault.MISSING))


def reader_of(column: Column, zone: ZoneInfo) -> Reader:
    """The function that reads one filled cell of a column."""
    read = _READERS[column.type](column, zone)
    return _in_words(column, read) if column.words else read


def _in_words(column: Column, read: Reader) -> Reader:
    """The reader behind the words that cells are written in."""
    meant = {cell.casefold(): text for text, cells in column.words.items() for cell in (*cells, text)}

    def read_word(text: str) -> Value | Fault:
        word = meant.get(text.casefold())
        if word is None and column.type == "text":
            return Fault.UNKNOWN_WORD
        return read(word or text)

    return read_word


def _read_text(column: Column, zone: ZoneInfo) -> Reader:
    def read(text: str) -> Value | Fault:
        return text

    return read


def _read_whole(column: Column, zone: ZoneInfo) -> Reader:
    def read(text: str) -> Value | Fault:
        if text.isdigit() and text.isascii() and len(text) < 19:
            return int(text)
        value = parse_number(text)
        if isinstance(value, Problem):
            return Fault.NOT_A_NUMBER
        return _within(value.numerator) if value.denominator == 1 else Fault.NOT_WHOLE

    return read


def _read_number(column: Column, zone: ZoneInfo) -> Reader:
    def read(text: str) -> Value | Fault:
        value = parse_number(text)
        return Fault.NOT_A_NUMBER if isinstance(value, Problem) else _scaled(value, column.scale)

    return read


def _scaled(value: Fraction, scale: int) -> int | Fault:
    units = value * scale
    return _within(units.numerator) if units.denominator == 1 else Fault.TOO_MANY_PLACES


def _within(units: int) -> int | Fault:
    return units if abs(units) <= MOST_UNITS else Fault.TOO_LARGE


def _read_seconds(column: Column, zone: ZoneInfo) -> Reader:
    def read(text: str) -> Value | Fault:
        value = _clock_time(plain_text(text), column.unit)
        if value is None:
            number = parse_number(text)
            if isinstance(number, Problem):
                return Fault.NOT_A_DURATION
            value = number * UNITS[column.unit]
        return _scaled(value, column.scale)

    return read


def _clock_time(text: str, unit: str) -> Fraction | None:
    """Seconds of `1:02:03`, of `1小时2分3秒`, and of `02:03` where the unit says which it is."""
    three = _THREE.fullmatch(text) or (_WORDS.fullmatch(text) if "秒" in text or "分" in text or "时" in text else None)
    if three:
        hours, minutes, seconds = (Fraction(part or 0) for part in three.groups())
        return hours * 3600 + minutes * 60 + seconds
    two = _TWO.fullmatch(text) if ":" in unit else None
    if two:
        return Fraction(two[1]) * UNITS[unit] + Fraction(two[2]) * (1 if unit == "mm:ss" else 60)
    return None


def _read_yes_no(column: Column, zone: ZoneInfo) -> Reader:
    words = {word.casefold(): True for word in column.yes} | {word.casefold(): False for word in column.no}

    def read(text: str) -> Value | Fault:
        answer = words.get(text.casefold())
        if answer is None and not words:
            parsed = parse_yes_no(text)
            answer = None if isinstance(parsed, Problem) else parsed
        return Fault.NOT_YES_OR_NO if answer is None else answer

    return read


def _read_date(column: Column, zone: ZoneInfo) -> Reader:
    def read(text: str) -> Value | Fault:
        moment = parse_moment(text, column.formats)
        return Fault.NOT_A_DATE if moment is None else moment.date()

    return read


def _read_datetime(column: Column, zone: ZoneInfo) -> Reader:
    step = 10 ** (6 - min(column.places, 6))

    def read(text: str) -> Value | Fault:
        moment = parse_moment(text, column.formats)
        if moment is None:
            return Fault.NOT_A_DATE
        if moment.microsecond % step:
            return Fault.TOO_MANY_PLACES
        return _instant(moment, zone)

    return read


def _instant(moment: datetime, zone: ZoneInfo) -> datetime | Fault:
    try:
        if moment.tzinfo:
            return moment.astimezone(UTC).replace(tzinfo=None)
        return to_utc(moment, zone) or Fault.NO_SUCH_TIME
    except OverflowError:
        return Fault.NOT_A_DATE


def parse_moment(text: str, formats: tuple[str, ...]) -> datetime | None:
    """The date and time that a text says in one of the formats, else in ISO form; None if in none."""
    words = plain_text(text)
    if len(words) > 60:
        return None
    for form in formats:
        if form in EPOCH:
            moment = _since_epoch(words, EPOCH[form])
            if moment:
                return moment
            continue
        try:
            return datetime.strptime(words, form)  # noqa: DTZ007
        except ValueError:
            continue
    return parse_iso(words)


def _since_epoch(words: str, places: int) -> datetime | None:
    """The instant so many seconds after 1970 began, written with the point so many places further right."""
    match = _COUNT.fullmatch(words)
    if not match:
        return None
    micros = Fraction(words) * 10 ** (6 - places)
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros.numerator) if micros.denominator == 1 else None
    except OverflowError:
        return None


_READERS: dict[str, Callable[[Column, ZoneInfo], Reader]] = {
    "text": _read_text,
    "whole": _read_whole,
    "number": _read_number,
    "seconds": _read_seconds,
    "yes_no": _read_yes_no,
    "date": _read_date,
    "datetime": _read_datetime,
}


def write_cell(value: Value | None, column: Column, zone: ZoneInfo) -> str | None:
    """A stored value as people read it: decimals with their point, instants on the company's clock."""
    if value is None or isinstance(value, bool):
        return None if value is None else ("yes" if value else "no")
    if isinstance(value, datetime):
        return to_local(value, zone).isoformat(sep=" ")
    if isinstance(value, int) and column.scale > 1:
        whole, part = divmod(abs(value), column.scale)
        return f"{'-' if value < 0 else ''}{whole}.{part:0{column.places}}"
    return str(value)


def excel_text(cell: object) -> str:
    """A workbook's cell as text: dates in ISO form, times as HH:MM:SS, numbers in all their digits."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, timedelta):
        return _span_text(cell)
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _span_text(span: timedelta) -> str:
    minutes, seconds = divmod(span.days * 86400 + span.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}" + (f".{span.microseconds:06}" if span.microseconds else "")
