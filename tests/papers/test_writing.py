"""Papers in a folder: which files, of whom, and under which names."""

from __future__ import annotations

import pytest

from kaohe.papers.writing import Paper, write_reports


def names(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_everybody_gets_a_file_and_the_round_a_summary(house, tmp_path):
    written = write_reports(house.round(ways=False), tmp_path)
    assert names(tmp_path) == sorted(str(path.relative_to(tmp_path)) for path in written)
    assert names(tmp_path)[:2] == ["scorecards/e1-张三.pdf", "scorecards/e2-李四.pdf"]
    assert names(tmp_path)[-2:] == ["summary.pdf", "summary.xlsx"]
    assert len(written) == 10


def test_the_pay_sheet_is_written_only_with_money(house, tmp_path):
    write_reports(house.round(ways=False), tmp_path / "without", [Paper.PAY])
    write_reports(house.round(ways=False, money=True), tmp_path / "with", [Paper.PAY])
    assert names(tmp_path) == ["with/pay-sheet.xlsx"]


def test_all_cards_may_stand_in_one_file(house, tmp_path, pages):
    (path,) = write_reports(house.round(ways=False), tmp_path, [Paper.SCORECARDS], one_file=True)
    assert path.name == "scorecards.pdf"
    assert len(pages(path.read_bytes())) == 8


def test_only_those_who_are_named_get_their_cards(house, tmp_path):
    write_reports(house.round(ways=False), tmp_path, [Paper.SCORECARDS], subjects=["e2"])
    assert names(tmp_path) == ["scorecards/e2-李四.pdf"]


def test_no_name_leaves_the_folder_or_overwrites_anothers_file(house, tmp_path):
    facts = house.facts.replace("id: e1, name: 张三", "id: ../../x, name: 张/三").replace(
        "id: e2, name: 李四", 'id: "..\\\\..\\\\x", name: 张:三'
    )
    facts = (
        facts.replace("e1: {", "../../x: {")
        .replace("e2: {", '"..\\\\..\\\\x": {')
        .replace("subject: e1", "subject: ../../x")
        .replace("subject: e2", 'subject: "..\\\\..\\\\x"')
    )
    written = write_reports(house.round(facts=facts, ways=False), tmp_path / "out", [Paper.SCORECARDS])
    assert len(set(written)) == 8
    assert {path.parent for path in written} == {tmp_path / "out" / "scorecards"}
    assert names(tmp_path) == sorted(str(path.relative_to(tmp_path)) for path in written)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_same_facts_write_the_same_bytes(house, tmp_path, language):
    first, second = (write_reports(house.round(language=language, money=True), tmp_path / name, one_file=True) for name in ("a", "b"))
    pdfs = [(one.read_bytes(), other.read_bytes()) for one, other in zip(first, second, strict=True) if one.suffix == ".pdf"]
    assert len(pdfs) == 2
    assert all(one == other for one, other in pdfs)


def test_progress_is_told_card_by_card(house, tmp_path):
    told = []
    write_reports(house.round(ways=False), tmp_path, [Paper.SCORECARDS], subjects=["e1", "e2"], progress=lambda *step: told.append(step))
    assert told == [("scorecards", 1, 2), ("scorecards", 2, 2)]
