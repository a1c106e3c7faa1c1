"""Results put on paper at the shell."""

from __future__ import annotations

import json

import openpyxl
import pypdfium2
import pytest


@pytest.fixture
def names(house):
    """What stands in the folder of papers, by path."""
    out = house.folder / "papers"
    return lambda: sorted(str(path.relative_to(out)) for path in out.rglob("*") if path.is_file())


def words(path):
    """The text of a PDF without blanks."""
    document = pypdfium2.PdfDocument(path)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return "".join(text.split())


def test_everybody_gets_a_card_and_the_manager_a_summary(house, names):
    said = house.run("report", house.scheme, house.facts, "-o", house.folder / "papers", "--lang", "zh")
    assert (said.code, said.out) == (0, "")
    assert names() == ["scorecards/e1-张三.pdf", "scorecards/e2-李四.pdf", "scorecards/e3-王五.pdf", "summary.pdf", "summary.xlsx"]
    assert said.err.count("已写入") == 5
    card = words(house.folder / "papers" / "scorecards" / "e1-张三.pdf")
    assert "张三最终结果" in card
    assert "99.4" in card
    assert "A优秀" in card


def test_money_is_written_only_where_it_is_asked_for(house, names):
    out = house.folder / "papers"
    house.run("report", house.scheme, house.facts, "-o", out, "--one-file")
    assert names() == ["scorecards.pdf", "summary.pdf", "summary.xlsx"]
    assert "994" not in words(out / "scorecards.pdf") + words(out / "summary.pdf")
    house.run("report", house.scheme, house.facts, "-o", out, "--one-file", "--pay")
    assert names() == ["pay-sheet.xlsx", "scorecards.pdf", "summary.pdf", "summary.xlsx"]
    assert "¥994.00" in words(out / "scorecards.pdf")
    assert "1,274.028" in words(out / "summary.pdf")


def test_somebody_incomplete_is_not_taken_for_final(house):
    house.run("report", house.scheme, house.facts, "-o", house.folder / "papers", "--one-file", "--lang", "en", "--pay")
    card = words(house.folder / "papers" / "scorecards.pdf").split("王五")[1]
    assert "Thisisnofinalresult.1of2itemsarethere;stillowed:Greeting." in card
    assert "Final" not in card.partition("王五")[0]


def test_one_persons_card_can_be_had_alone(house, names):
    house.run("report", house.scheme, house.facts, "-o", house.folder / "papers", "--subject", "李四", "--paper", "scorecards")
    assert names() == ["scorecards/e2-李四.pdf"]


def test_somebody_who_is_not_there_is_a_problem_and_nothing_is_written(house):
    said = house.run("report", house.scheme, house.facts, "-o", house.folder / "papers", "--subject", "赵六", "--json")
    assert said.code == 1
    assert [problem["code"] for problem in said.data["problems"]] == ["C003"]
    assert not (house.folder / "papers").exists()


def test_results_scored_before_are_looked_back_at(house):
    february = house.write(
        "february.yaml",
        (house.folder / house.facts)
        .read_text(encoding="utf-8")
        .replace("2026-03-01", "2026-02-01")
        .replace("2026-03-31", "2026-02-28")
        .replace("98.5%", "50%"),
    )
    house.run("score", house.scheme, february, "-o", house.folder / "february")
    said = house.run(
        "report",
        house.scheme,
        house.facts,
        "-o",
        house.folder / "papers",
        "--one-file",
        "--earlier",
        house.folder / "february",
        "--lang",
        "zh",
    )
    assert said.code == 0, said.err
    assert "历期总分" in words(house.folder / "papers" / "scorecards.pdf")
    assert "张三B→A80.099.4+19.4" in words(house.folder / "papers" / "summary.pdf")


def test_a_corrected_round_lists_what_differs_from_the_version_before(house):
    house.run("score", house.scheme, house.facts, "-o", house.folder / "first")
    corrected = house.write("second.yaml", (house.folder / house.facts).read_text(encoding="utf-8").replace("seconds: 130", "seconds: 110"))
    house.run(
        "report",
        house.scheme,
        corrected,
        "-o",
        house.folder / "papers",
        "--paper",
        "pay",
        "--pay",
        "--earlier",
        house.folder / "first",
        "--lang",
        "zh",
    )
    sheet = openpyxl.load_workbook(house.folder / "papers" / "pay-sheet.xlsx", data_only=True)["更正差额"]
    assert [cell.value for cell in sheet[2]] == ["e2", "李四", "奖金", 280.028, 640.064, 360.036]


def test_earlier_results_that_do_not_fit_are_told_all_at_once(house):
    house.write("broken/results.json", "{}")
    said = house.run(
        "report",
        house.scheme,
        house.facts,
        "-o",
        house.folder / "papers",
        "--earlier",
        house.folder / "broken",
        "--earlier",
        house.folder / "none",
        "--json",
    )
    assert said.code == 1
    assert [problem["code"] for problem in said.data["problems"]] == ["P001", "P001"]


def test_what_was_written_is_told_as_data(house):
    said = house.run("report", house.scheme, house.facts, "-o", house.folder / "papers", "--paper", "summary", "--json")
    assert [path.rpartition("/")[2] for path in json.loads(said.out)["written"]] == ["summary.pdf", "summary.xlsx"]


def test_many_cards_are_told_as_one_folder(house):
    people = "".join(f"  - {{id: p{n}, name: 员工{n}, bonus_base: 100}}\n" for n in range(12))
    values = "".join(f"  p{n}: {{refill_seconds: 45, greeting_share: 1}}\n" for n in range(12))
    facts = house.write("many.yaml", f"period: {{start: 2026-03-01, end: 2026-03-31}}\npeople:\n{people}values:\n{values}")
    said = house.run("report", house.scheme, facts, "-o", house.folder / "papers", "--quick", "--lang", "zh")
    assert said.err.splitlines()[0].endswith("scorecards （12 份）")
    assert len(said.err.splitlines()) == 3
