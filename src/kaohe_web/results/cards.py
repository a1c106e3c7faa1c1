"""A kept card as its template shows it: each item with its explanation beneath, figures of money only where they are allowed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from kaohe_web.results.queries import CardPage


@dataclass
class ItemRow:
    """One item: its line of figures, its explanation, the records beneath."""

    id: str
    row: dict[str, Any]
    line: dict[str, Any]
    records: list[dict[str, Any]] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    can_appeal: bool = False


@dataclass
class Shown:
    """A card ready for its template."""

    data: dict[str, Any]
    items: list[ItemRow]
    others: list[dict[str, Any]]
    pay: list[dict[str, Any]]
    pay_lines: list[dict[str, Any]]
    pay_total: str = ""


def shown(page: CardPage) -> Shown:
    """A card with money where the viewer may see it."""
    data: dict[str, Any] = dict(page.card)
    lines = {line["id"]: line for line in data.get("lines", [])}
    rows = (data.get("items") or {}).get("rows", [])
    items = [_item(id, row, lines.get(f"item.{id}", {}), page) for id, row in zip(data.get("parts", []), rows, strict=False)]
    others = [line for line in data.get("lines", []) if not line["id"].startswith("item.")]
    money: dict[str, Any] = dict(page.money or {})
    return Shown(data, items, others, money.get("pay", []), money.get("lines", []))


def _item(id: str, row: dict[str, Any], line: dict[str, Any], page: CardPage) -> ItemRow:
    records = list(_records(line))
    columns = list(dict.fromkeys(name for record in records for name in record.get("words", {})))
    return ItemRow(id, row, line, records, columns, page.is_own and page.is_published and not page.is_superseded)


def _records(line: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """Every record beneath a line, once."""
    seen = set()
    for record in _walk(line):
        key = (record.get("sheet"), record.get("number"), str(record.get("words")))
        if record.get("number") is None or key not in seen:
            seen.add(key)
            yield record


def _walk(line: dict[str, Any]) -> Iterable[dict[str, Any]]:
    yield from line.get("records", [])
    for child in line.get("children", []):
        yield from _walk(child)
