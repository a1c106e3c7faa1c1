"""Workbooks for people to fill in or to mend: every text is written as text, never as a formula."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter

from kaohe.plan import Plan
from kaohe.problems import Language
from kaohe.templates import write_template
from kaohe_web.engine.facts import Rows
from kaohe_web.engine.importing import EXTRAS, RECORD_NUMBER, REMARK, SET_ASIDE, columns_of, table_name
from kaohe_web.engine.row_words import names_of_columns
from kaohe_web.engine.schemes import plan_of

LONGEST_NAME = 31
PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
WHY = {"zh": "问题", "en": "What is wrong"}
Cells = Mapping[str, str]


def fill_in_workbook(written: str, language: Language, rows: Rows) -> bytes:
    """The scheme's workbook to fill in, with the round's period and people in it already."""
    people = [{name: str(cell) for name, cell in row.items()} for row in rows.tables.get("people", ())]
    filled = {"period": [{"start": rows.start, "end": rows.end}], "people": people, "values": [{"subject": one["id"]} for one in people]}
    with TemporaryDirectory() as folder:
        return write_template(plan_of(written), Path(folder) / "book.xlsx", language, filled).read_bytes()


def workbook_of_rows(written: str, language: Language, rows: Sequence[tuple[str, Cells, str]]) -> bytes:
    """Rows to mend and send again: of each its table, its cells, what is wrong. Each keeps the number under which it waits."""
    plan, held = plan_of(written), BytesIO()
    with xlsxwriter.Workbook(held, PLAIN) as book:
        text, head = book.add_format({"num_format": "@", "quote_prefix": True}), book.add_format({"bold": True, "bg_color": "#DCE6F1"})
        bad = book.add_format({"font_color": "#C0271D", "quote_prefix": True})
        for table, own in _by_table(rows).items():
            columns = _columns(plan, table, own)
            page = book.add_worksheet(_sheet_name(plan, table, language))
            page.freeze_panes(1, 0)
            page.set_column(0, len(columns), 18, text)
            names = [_heading(plan, table, column, language) for column in columns]
            for place, name in enumerate([*names, WHY[language]]):
                page.write_string(0, place, name, head)
            for number, (cells, told) in enumerate(own, start=1):
                for place, column in enumerate(columns):
                    page.write_string(number, place, cells.get(column, ""), text)
                page.write_string(number, len(columns), told, bad)
    return held.getvalue()


def _by_table(rows: Iterable[tuple[str, Cells, str]]) -> dict[str, list[tuple[Cells, str]]]:
    found: dict[str, list[tuple[Cells, str]]] = {}
    for table, cells, told in rows:
        kind = f"events:{cells['type']}" if table == "events" and cells.get("type") else table
        found.setdefault(kind, []).append((cells, told))
    return found


def _columns(plan: Plan, table: str, rows: Sequence[tuple[Cells, str]]) -> list[str]:
    """The columns of a sheet to mend: those that the table has and the rows use or must have."""
    used = {column for cells, _ in rows for column in cells}
    extras = [SET_ASIDE, *(extra for extra in (RECORD_NUMBER, REMARK) if extra in used)]
    own = columns_of(plan, table)
    if table.partition(":")[0] != "events":
        own = [column for column in own if column in used or column in ("subject", "item", "rater", "score")]
    return [*extras, *own]


def _heading(plan: Plan, table: str, column: str, language: Language) -> str:
    name = EXTRAS.get(column) or names_of_columns(plan, table)[column][0]
    return name.tell(language)


def _sheet_name(plan: Plan, table: str, language: Language) -> str:
    name = table_name(plan, table).tell(language)
    fits = len(name) <= LONGEST_NAME and not set(name) & set("[]:*?/\\'（")
    return name if fits else table.rpartition(":")[2][:LONGEST_NAME]
