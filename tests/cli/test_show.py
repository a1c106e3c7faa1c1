"""A scheme as a regulation, from the shell."""

from __future__ import annotations

import pytest

SIGNED = """
scheme: tea-house-signed
name: 茶馆服务员考核制度 | Appraisal of tea-house waiters
version: 2
effective: {from: 2026-01-01}
period: calendar month
values: {refill: {is: seconds 0.., name: 续水时长 | Time to a refill}}
items:
  refill: {name: 续水 | Refills, clause: §1, by: value.refill, tiers: [{below: 60, points: 100}, {else: 0}]}
total: {is: sum, clause: §2}
"""


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", ["第一章　总则", "低于60秒，得100分", "自2026-01-01起"]), ("en", ["Chapter 1  General", "below 60 seconds: 100 points"])],
)
def test_a_scheme_is_shown_on_the_screen_in_either_language(house, language, words):
    said = house.run("show", house.write("scheme.yaml", SIGNED), "--lang", language)
    assert said.code == 0, said.err
    assert [word for word in words if word not in said.out] == []


def test_what_goes_into_a_pipe_has_no_trailing_blanks(house):
    said = house.run("show", house.write("scheme.yaml", SIGNED))
    assert [line for line in said.out.splitlines() if len(line) > 500] == []


@pytest.mark.parametrize(("name", "begins"), [("a.md", b"# "), ("b.html", b"<!doctype html>"), ("c.pdf", b"%PDF-")])
def test_the_name_of_the_file_says_how_it_is_written(house, name, begins):
    path = house.folder / "out" / name
    said = house.run("show", house.write("scheme.yaml", SIGNED), "-o", path)
    assert said.code == 0, said.err
    assert path.read_bytes().startswith(begins)
    assert str(path) in said.err


def test_markdown_without_a_file_goes_to_the_screen(house):
    said = house.run("show", house.write("scheme.yaml", SIGNED), "--as", "md", "--both")
    assert said.out.startswith("# 茶馆服务员考核制度 / Appraisal of tea-house waiters")


def test_a_pdf_without_a_file_is_refused(house):
    said = house.run("show", house.write("scheme.yaml", SIGNED), "--as", "pdf")
    assert said.code == 1
    assert "C030" in said.err


def test_a_file_of_an_unknown_kind_is_refused(house):
    said = house.run("show", house.write("scheme.yaml", SIGNED), "-o", house.folder / "a.docx")
    assert said.code == 1
    assert "C031" in said.err


def test_a_page_is_plain_data_for_machines(house):
    data = house.run("show", house.write("scheme.yaml", SIGNED), "--json", "--lang", "en").data
    assert data["titles"] == ["Appraisal of tea-house waiters"]
    assert data["blocks"][0] == {"kind": "chapter", "text": "Chapter 1  General"}
    assert data["written"] == []


def test_a_scheme_that_is_wrong_is_not_shown(house):
    said = house.run("show", house.write("scheme.yaml", SIGNED.replace("by: value.refill", "by: refil")))
    assert said.code == 1
    assert "S004" in said.err
