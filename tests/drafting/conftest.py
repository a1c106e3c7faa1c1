"""Sheets and workbooks as HR types them, and drafts made of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import xlsxwriter

from kaohe.drafting.drafts import Answers, Draft, draft_of
from kaohe.drafting.rows import ItemRow, Sheet, Typed

Draw = Callable[[xlsxwriter.worksheet.Worksheet], None]


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    """A real workbook: rows typed into a sheet, merged ranges on top of them."""

    def made(
        rows: Sequence[Sequence[object]], merged: Sequence[tuple[str, object]] = (), name: str = "考核表", others: Sequence[str] = ()
    ) -> Path:
        path = tmp_path / "kpi.xlsx"
        book = xlsxwriter.Workbook(path)
        sheet = book.add_worksheet(name)
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
        for range_of, text in merged:
            sheet.merge_range(range_of, text)
        for other in others:
            book.add_worksheet(other).write_row(0, 0, ["姓名", "部门"])
        book.close()
        return path

    return made


@pytest.fixture
def drafted() -> Callable[..., Draft]:
    """The draft of one item, with answers."""

    def made(standard: str, answers: dict[str, str] | None = None, **cells: str) -> Draft:
        typed = {kind: Typed(text, "B2") for kind, text in {"name": "指标", "standard": standard, **cells}.items()}
        sheet = Sheet("kpi.xlsx", "表", items=[ItemRow(2, typed)])
        return draft_of(sheet, Answers({"weights": "yes", **(answers or {})}, period="month"))

    return made
