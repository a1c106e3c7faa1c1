"""Earlier results: from files and from the facts' history, in order of time, and never those of another scheme."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction

import pytest

from kaohe.exporting import write_json
from kaohe.papers.earlier import look_back
from kaohe.problems import Problems


@pytest.fixture
def paper(house):
    return house.round()


@pytest.fixture
def written(paper, tmp_path):
    """The folder of an earlier scoring, with what its results.json says changed."""

    def write(name, **changes):
        folder = tmp_path / name
        folder.mkdir()
        path = write_json(paper.results, folder, "zh")
        data = json.loads(path.read_text(encoding="utf-8"))
        for key, value in changes.items():
            data[key] |= value
        path.write_text(json.dumps(data), encoding="utf-8")
        return folder

    return write


def codes(paper, *paths):
    with pytest.raises(Problems) as caught:
        look_back(paper.plan, paper.results.facts, paths)
    return [problem.code for problem in caught.value]


def test_the_history_of_the_facts_is_looked_back_at(paper):
    back = look_back(paper.plan, paper.results.facts, [])
    assert [period.end for period in back.periods] == [date(2026, 1, 31), date(2026, 2, 28)]
    assert back.course("e1") == [(date(2026, 1, 31), Fraction("91.5")), (date(2026, 2, 28), Fraction(88))]
    assert back.last.grades == {"e1": "B", "e2": "C"}
    assert back.replaced is None


def test_files_tell_of_earlier_periods_and_come_before_the_history_of_the_same(paper, written):
    folder = written("february", period={"start": "2026-02-01", "end": "2026-02-28"})
    back = look_back(paper.plan, paper.results.facts, [folder])
    assert [period.end for period in back.periods] == [date(2026, 1, 31), date(2026, 2, 28)]
    assert back.last.totals["e3"] == Fraction(212, 3)
    assert back.last.pay["e1"] == {"bonus": Fraction(954), "praise": Fraction(100)}


def test_results_of_the_same_period_are_the_version_that_is_replaced(paper, written):
    back = look_back(paper.plan, paper.results.facts, [written("first") / "results.json"])
    assert back.replaced.totals["e1"] == Fraction("95.4")
    assert [period.end for period in back.periods] == [date(2026, 1, 31), date(2026, 2, 28)]


def test_everything_that_is_wrong_is_told_at_once(paper, written, tmp_path):
    other = written("other", scheme={"id": "another-scheme"})
    later = written("later", period={"start": "2026-04-01", "end": "2026-04-30"})
    broken = written("broken")
    (broken / "results.json").write_text("{", encoding="utf-8")
    shape = written("shape")
    (shape / "results.json").write_text('{"subjects": 3}', encoding="utf-8")
    assert codes(paper, tmp_path / "nothing", other, later, broken, shape) == ["P001", "P002", "P003", "P001", "P001"]


def test_an_amount_or_total_without_an_end_is_read_exactly(paper, written):
    back = look_back(paper.plan, paper.results.facts, [written("third", period={"end": "2026-02-28"})])
    assert back.last.totals["e3"] == Fraction(212, 3)
