"""The workbook for a clerk, from the shell."""

from __future__ import annotations

import openpyxl
import pytest


@pytest.mark.parametrize(("language", "name"), [("zh", "续水时长"), ("en", "Refill time")])
def test_a_template_is_written_in_either_language(house, language, name):
    path = house.folder / "new" / "facts.xlsx"
    said = house.run("template", house.scheme, "-o", path, "--lang", language)
    assert said.code == 0, said.err
    assert str(path) in said.err
    headings = {str(cell.value) for one in openpyxl.load_workbook(path) for row in one.iter_rows(max_row=3) for cell in row}
    assert name in headings


def test_a_file_that_somebody_may_have_filled_is_not_replaced_unasked(house):
    path = house.write("facts.xlsx", "hours of work")
    said = house.run("template", house.scheme, "-o", path)
    assert said.code == 1
    assert "C012" in said.err
    assert (house.folder / "facts.xlsx").read_text(encoding="utf-8") == "hours of work"
    assert house.run("template", house.scheme, "-o", path, "--force").code == 0
