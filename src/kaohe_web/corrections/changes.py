"""What a correction changes, as data: said before it is done, done as it was said, kept with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum

from kaohe_web.engine.facts import NUMBER, Row, Rows

LAST = 2**53  # the number of a row that is only proposed: behind every row that is there


class Kind(StrEnum):
    """What may be changed of a published round."""

    VALUE = "value"
    WITHDRAW = "withdraw"
    RECORD = "record"
    RATING = "rating"
    LATE_RATING = "late_rating"
    PERSON = "person"
    SCHEME = "scheme"


@dataclass(frozen=True)
class Change:
    """One change: of whom, of which figure, to what; an empty text takes a value or a rating out."""

    kind: str
    subject: str = ""
    key: str = ""
    text: str = ""
    number: int = 0
    cells: Mapping[str, str] = field(default_factory=dict)

    def as_data(self) -> dict[str, object]:
        """The change as plain data."""
        return {name: value for name, value in asdict(self).items() if value not in ("", 0, {})}

    @classmethod
    def of_data(cls, data: Mapping[str, object]) -> Change:
        """The change that `as_data` wrote."""
        known = {name: data[name] for name in cls.__dataclass_fields__ if name in data}
        return cls(**known)  # type: ignore[arg-type]


def changes_of(data: Iterable[Mapping[str, object]] | None) -> list[Change]:
    """Changes out of plain data."""
    return [Change.of_data(one) for one in data or ()]


def applied(rows: Rows, changes: Iterable[Change]) -> Rows:
    """Facts with changes made; the facts themselves stay as they are."""
    tables = {kind: [dict(row) for row in table] for kind, table in rows.tables.items()}
    for change in changes:
        if change.kind != Kind.SCHEME:
            _APPLY[Kind(change.kind)](tables, change)
    return replace(rows, tables={kind: table for kind, table in tables.items() if table})


Tables = dict[str, list[Row]]


def _value(tables: Tables, change: Change) -> None:
    table = tables.setdefault("values", [])
    row = next((row for row in table if row["subject"] == change.subject), None)
    if row is None:
        row = {NUMBER: change.number or LAST, "subject": change.subject}
        table.append(row)
        table.sort(key=lambda row: str(row["subject"]))
    _put(row, change.key, change.text)
    if set(row) == {NUMBER, "subject"}:
        table.remove(row)


def _put(row: Row, key: str, text: str) -> None:
    if text:
        row[key] = text
    else:
        row.pop(key, None)


def _withdraw(tables: Tables, change: Change) -> None:
    tables["events"] = [row for row in tables.get("events", []) if row[NUMBER] != change.number]


def _record(tables: Tables, change: Change) -> None:
    table = tables.setdefault("events", [])
    table.append({NUMBER: change.number or LAST, "type": change.key, "subject": change.subject, **change.cells})
    table.sort(key=lambda row: (str(row["type"]), int(str(row[NUMBER]))))


def _rating(tables: Tables, change: Change) -> None:
    found = [(row, {**row, "score": change.text} if row[NUMBER] == change.number else row) for row in tables.get("ratings", [])]
    tables["ratings"] = [after for before, after in found if before[NUMBER] != change.number or change.text]


def _late_rating(tables: Tables, change: Change) -> None:
    table = tables.setdefault("ratings", [])
    row = {"item": change.key, "subject": change.subject, **change.cells, "score": change.text}
    table.append({NUMBER: change.number or LAST, **row})
    table.sort(key=lambda row: [str(row.get(name, "")) for name in ("subject", "item", "relation", "rater")])


def _person(tables: Tables, change: Change) -> None:
    for row in tables.get("people", []):
        if row["id"] == change.subject:
            _put(row, change.key, change.text)


_APPLY = {
    Kind.VALUE: _value,
    Kind.WITHDRAW: _withdraw,
    Kind.RECORD: _record,
    Kind.RATING: _rating,
    Kind.LATE_RATING: _late_rating,
    Kind.PERSON: _person,
}
