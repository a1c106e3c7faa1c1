"""A month of rows in which the boundary cases lie, and what every preset makes of it, exactly.

The expectations stand in presets/month.yaml, as data: other engines are held to the same ones.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from kaohe.measuring import Period, Workspace, import_files, measure, read_definitions
from kaohe.measuring.presets import read_presets

FOLDER = Path(__file__).parent / "presets"
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
EXPECTED = yaml.load((FOLDER / "month.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
PRESETS = read_presets().measures
EACH = [(id, subject, value) for id, told in EXPECTED.items() for subject, value in told["figure"].items()]


def written(folder, measures):
    """The tables of the tests with some measures, written and read."""
    sources = (FOLDER / "sources.yaml").read_text(encoding="utf-8")
    path = folder / "definitions.yaml"
    path.write_text(sources + yaml.safe_dump({"measures": measures}, allow_unicode=True), encoding="utf-8")
    return read_definitions(path)


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """The month in a workspace, and every preset as it stands."""
    folder = tmp_path_factory.mktemp("month")
    definitions = written(folder, {id: {"preset": f"{id}@{preset['version']}"} for id, preset in PRESETS.items()})
    workspace = Workspace(folder / "workspace")
    for table in definitions.sources:
        import_files(workspace, definitions, table, [FOLDER / "month" / f"{table}.csv"])
    return workspace, definitions, folder


@pytest.fixture(scope="module")
def measured(shop):
    workspace, definitions, _ = shop
    return measure(workspace, definitions, MARCH, as_of=MARCH.end)


def told(figures, subject):
    top, bottom = figures.pair(subject)
    return str(Fraction(top, bottom)) if bottom else "none"


@pytest.mark.parametrize(("id", "subject", "value"), EACH, ids=[f"{id} of {subject}" for id, subject, _ in EACH])
def test_a_preset_gives(measured, id, subject, value):
    assert told(measured[id], subject) == value


@pytest.mark.parametrize("id", EXPECTED)
def test_a_preset_leaves_out(measured, id):
    figures, expected = measured[id], EXPECTED[id]
    left_out = {subject: {reason: str(n) for reason, n in figures.excluded_of(subject).items() if n} for subject in figures.subjects}
    unsettled = {subject: str(n) for subject, n in zip(figures.subjects, figures.unsettled, strict=False) if n}
    assert {subject: counts for subject, counts in left_out.items() if counts} == expected.get("left_out", {})
    assert (figures.without_subject, unsettled) == (int(expected.get("nobodys", 0)), expected.get("unsettled", {}))


def test_every_preset_is_expected_of_the_month_and_of_more_than_200_figures():
    assert set(EXPECTED) == set(PRESETS)
    assert len(EACH) > 200


@pytest.mark.parametrize(
    ("measure_of", "subject", "value"),
    [
        ({"preset": "service_level", "with": {"limit": "21"}}, "a1", "2/3"),
        ({"preset": "service_level", "with": {"short": "4"}}, "a1", "3/5"),
        ({"preset": "average_reply_seconds_capped", "with": {"most": "30"}}, "a1", "30"),
        ({"preset": "no_repeat_share", "with": {"days": "3"}}, "a1", "1"),
        ({"preset": "satisfied_share", "with": {"satisfied_from": "5"}}, "a1", "1/2"),
        ({"preset": "qa_passed_share", "with": {"pass_from": "60"}}, "a1", "1/2"),
        ({"preset": "late_days", "with": {"grace": "1"}}, "a1", "0"),
        ({"preset": "handle_seconds", "with": {"wrap_most": "20"}}, "a1", "225/2"),
        ({"preset": "handle_seconds", "empty": "0"}, "a3", "0"),
        ({"preset": "first_resolution_seconds", "clock": {"calendar": "business_hours"}}, "a2", "3600"),
    ],
)
def test_what_the_company_says_changes_the_figure(shop, measure_of, subject, value):
    workspace, _, folder = shop
    figures = measure(workspace, written(folder, {"own": measure_of}), MARCH, as_of=MARCH.end)["own"]
    assert told(figures, subject) == str(Fraction(value))
