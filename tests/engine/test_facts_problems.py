"""What is wrong with the tea-house's facts: each problem with its place and its names, in order, all at once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kaohe.cases import case_of
from kaohe.checking import check_facts
from kaohe.documents import parse_document
from kaohe.facts import Facts
from kaohe.plan import Plan
from kaohe.problems import Place, Problem, Problems, every_problem
from kaohe.reading import read_plan

HERE = Path(__file__).parent
SOUND = """
period: {start: 2026-03-01, end: 2026-03-31}
config: {free_pours: 2}
people:
  - {id: z, name: 张三, role: waiter, grade_card: red, hired_on: 2024-05-01}
  - {id: l, name: 李四, role: waiter, grade_card: green, hired_on: 2025-01-31}
  - {id: w, name: 王五, role: lead, grade_card: red, hired_on: 2020-01-01}
values:
  z: {served: 120, praised: 30, refill_rate: 0.985}
  l: {served: 98}
  house: {takings: 88000}
ratings:
  - {item: manners, subject: z, rater: w, relation: lead, score: 8.5}
  - {item: manners, subject: l, rater: w, relation: lead, score: 9}
events:
  - {type: spilt, subject: z, at: 2026-03-05, severity: grave, cups: 2}
  - {type: late, subject: z, at: 2026-03-06, count: 2}
  - {type: amends, subject: z, at: 2026-03-06}
  - {type: stocktake, subject: l, at: 2026-03-31, pots: 12, lids: 12}
history:
  - {subject: z, period_end: 2026-02-28, total: 95.5, mood: 3}
"""

# What is typed instead of what; then the problem: code, reason, sheet, row, column, and the names that it keeps.
WRONG = [
    ("config: {free_pours: 2}", "config: {}", "F001", "missing", "", None, "free_pours", {"free_pours"}),
    ("free_pours: 2", "free_pours: 11", "F002", "out_of_range", "", None, "free_pours", {"free_pours", "11"}),
    ("free_pours: 2", "free_pours: 1.5", "F003", "not_whole", "", None, "free_pours", {"free_pours"}),
    ("free_pours: 2", "free_pours: 2, fre_pours: 2", "F004", "unknown", "", None, "fre_pours", {"fre_pours"}),
    ("free_pours: 2", "free_pours: 2, shares: {taste: 50, manners: 40}", "F007", "weights_sum", "", None, "shares", {"shares"}),
    ("free_pours: 2", "free_pours: 2, shares: {taste: 100}", "F001", "missing", "", None, "shares", {"manners", "shares"}),
    ("end: 2026-03-31", "end: 2026-03-30", "F008", "period", "", None, "period", {"period"}),
    ("end: 2026-03-31", "end: 2026-02-30", "F010", "malformed", "", None, "end", {"period", "end"}),
    ("{id: z, name", "{name", "F001", "missing", "people", 1, "id", {"id"}),
    ("{id: l,", "{id: z,", "F006", "duplicate", "people", 2, "id", {"z", "id"}),
    ("李四, role: waiter", "李四, role: cook", "F004", "unknown", "people", 2, "role", {"cook", "role", "l"}),
    ("李四, role: waiter, ", "李四, ", "F001", "missing", "people", 2, "role", {"role", "l"}),
    ("grade_card: green", "grade_card: blue", "F004", "unknown", "people", 2, "grade_card", {"grade_card", "l"}),
    ("hired_on: 2025-01-31", "hired_on: 2025-02-31", "F010", "malformed", "people", 2, "hired_on", {"hired_on", "l"}),
    (", hired_on: 2025-01-31", "", "F001", "missing", "people", 2, "hired_on", {"hired_on", "l"}),
    ("served: 98", "served: -98", "F002", "out_of_range", "values", 2, "served", {"served", "service", "l"}),
    ("served: 98", "served: 98.5", "F003", "not_whole", "values", 2, "served", {"served", "service", "l"}),
    ("served: 98", "served: viele", "F010", "malformed", "values", 2, "served", {"served", "service", "l"}),
    ("served: 98", "served: 1e400", "F002", "out_of_range", "values", 2, "served", {"served", "service", "l"}),
    ("refill_rate: 0.985", "refill_rate: 98.5", "F002", "out_of_range", "values", 1, "refill_rate", {"refill_rate", "refills", "z"}),
    ("takings: 88000", "takings: -1", "F002", "out_of_range", "values", 3, "takings", {"takings", "house"}),
    ("praised: 30", "praised: 121", "F011", "out_of_range", "values", 1, "praised", {"praised", "z"}),
    ("{item: manners, subject: z", "{subject: z", "F001", "missing", "ratings", 1, "item", {"item", "z"}),
    ("{item: manners, subject: z", "{item: manner, subject: z", "F004", "unknown", "ratings", 1, "item", {"manner", "item", "z"}),
    ("{item: manners, subject: z", "{item: conduct, subject: z", "F005", "not_allowed", "ratings", 1, "item", {"conduct", "z"}),
    ("manners, subject: z", "manners, subject: x", "F004", "unknown", "ratings", 1, "subject", {"x", "subject", "manners"}),
    ("z, rater: w, ", "z, ", "F001", "missing", "ratings", 1, "rater", {"rater", "manners", "z"}),
    ("z, rater: w", "z, rater: z", "F005", "not_allowed", "ratings", 1, "rater", {"manners", "z", "rater"}),
    ("relation: lead, score: 9", "relation: guest, score: 9", "F005", "not_allowed", "ratings", 2, "relation", {"guest", "manners", "l"}),
    ("relation: lead, score: 9", "score: 9", "F001", "missing", "ratings", 2, "relation", {"relation", "manners", "l"}),
    (", score: 9", "", "F001", "missing", "ratings", 2, "score", {"score", "manners", "l"}),
    ("score: 9", "score: 11", "F002", "out_of_range", "ratings", 2, "score", {"manners", "l"}),
    ("manners, subject: l", "manners, subject: z", "F006", "duplicate", "ratings", 2, "item", {"manners", "z", "w"}),
    ("{type: late", "{type: lat", "F004", "unknown", "events", 2, "type", {"lat", "type"}),
    ("{type: late, ", "{", "F001", "missing", "events", 2, "type", {"type"}),
    ("late, subject: z", "late, subject: x", "F004", "unknown", "events", 2, "subject", {"x", "subject", "late"}),
    ("late, subject: z, ", "late, ", "F001", "missing", "events", 2, "subject", {"subject", "late"}),
    ("count: 2", "count: 0", "F002", "out_of_range", "events", 2, "count", {"count", "late"}),
    ("count: 2", "count: 1.5", "F003", "not_whole", "events", 2, "count", {"count", "late"}),
    ("at: 2026-03-06, count", "at: gestern, count", "F010", "malformed", "events", 2, "at", {"at", "late"}),
    ("severity: grave", "severity: dire", "F004", "unknown", "events", 1, "severity", {"severity", "dire", "spilt", "conduct", "z"}),
    (", cups: 2", "", "F001", "missing", "events", 1, "cups", {"cups", "spilt", "grave", "z"}),
    ("cups: 2", "cups: 1", "F012", "not_allowed", "events", 1, "cups", {"cups", "spilt", "grave", "z"}),
    ("at: 2026-03-05", "at: 2026-03-07", "F009", "out_of_order", "events", 3, "at", {"amends", "spilt", "z"}),
    ("lids: 12", "lids: 12, shelf: top", "F005", "not_allowed", "events", 4, "shelf", {"shelf", "stocktake", "l"}),
    ("pots: 12", "pots: 13", "F013", "unknown", "events", 4, "pots", {"pots", "stocktake", "l"}),
    (", lids: 12", "", "F014", "missing", "events", 4, "lids", {"lids", "stocktake", "l"}),
    ("pots: 12", "pots: 100", "F015", "not_whole", "events", 4, "lids", {"lids", "stocktake", "l"}),
    ("period_end: 2026-02-28", "period_end: Februar", "F010", "malformed", "history", 1, "period_end", {"period_end", "z"}),
    ("period_end: 2026-02-28, ", "", "F001", "missing", "history", 1, "period_end", {"period_end", "z"}),
    ("total: 95.5", "total: gut", "F010", "malformed", "history", 1, "total", {"total", "z"}),
]


@pytest.fixture(scope="module")
def plan() -> Plan:
    return read_plan(HERE / "facts_tea_house.yaml")


def check(plan: Plan, text: str) -> Facts:
    tree, problems = parse_document(text)
    assert tree is not None, problems
    return check_facts(plan, case_of(tree, Place(file="march.yaml")).facts)


def problems(plan: Plan, text: str) -> list[Problem]:
    with pytest.raises(Problems) as found:
        check(plan, text)
    return list(found.value)


def changed(*pairs: tuple[str, str]) -> str:
    """The sound facts with some texts replaced, each of which stands there once."""
    text = SOUND
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def test_the_sound_facts_are_sound(plan) -> None:
    assert check(plan, SOUND).subjects == ["z", "l", "w"]


@pytest.mark.parametrize(
    ("old", "new", "code", "reason", "sheet", "row", "column", "names"), WRONG, ids=[f"{row[2]}-{row[1] or 'no' + row[0]}" for row in WRONG]
)
def test_one_slip_is_one_problem_with_its_place_and_names(plan, old, new, code, reason, sheet, row, column, names) -> None:
    found = problems(plan, changed((old, new)))
    first = next(problem for problem in found if problem.code == code)
    assert (first.reason, first.place) == (reason, Place("march.yaml", sheet, row, column))
    assert names <= set(first.about)


@pytest.mark.parametrize("row", WRONG, ids=[f"{row[2]}-{row[1] or 'no' + row[0]}" for row in WRONG])
def test_each_problem_says_in_both_languages_what_was_found_and_what_to_do(plan, row) -> None:
    for problem in problems(plan, changed((row[0], row[1]))):
        told = [problem.tell(language) for language in ("zh", "en")]
        assert all(len(lines.splitlines()) == 2 and problem.code in lines and not re.search(r"[{}]", lines) for lines in told)
        assert re.search("[一-鿿]", told[0])


def test_all_are_told_at_once_in_the_order_of_the_tables_and_of_their_rows(plan) -> None:
    text = changed(
        ("total: 95.5", "total: gut"),
        ("pots: 12", "pots: 13"),
        ("count: 2", "count: 0"),
        ("score: 9", "score: 11"),
        ("z, rater: w", "z, rater: z"),
        ("served: 98", "served: viele"),
        ("grade_card: green", "grade_card: blue"),
        ("end: 2026-03-31", "end: 2026-03-30"),
        ("free_pours: 2", "free_pours: 11"),
    )
    assert [(problem.place.sheet, problem.place.row, problem.code) for problem in problems(plan, text)] == [
        ("", None, "F002"),
        ("", None, "F008"),
        ("people", 2, "F004"),
        ("values", 2, "F010"),
        ("ratings", 1, "F005"),
        ("ratings", 2, "F002"),
        ("events", 2, "F002"),
        ("events", 4, "F013"),
        ("history", 1, "F010"),
    ]


def test_one_row_may_have_several_problems(plan) -> None:
    found = problems(plan, changed(("lead, score: 9", "guest, score: 11"), ("l, rater: w", "l, rater: l")))
    assert [(problem.code, problem.place.column) for problem in found] == [("F005", "relation"), ("F002", "score")]


def test_a_second_rating_names_the_row_of_the_first(plan) -> None:
    twice = "  - {item: manners, subject: z, rater: w, relation: lead, score: 1}\n"
    found = problems(plan, changed(("events:\n", f"{twice}{twice}events:\n")))
    assert [(problem.place.row, problem.found["first"]) for problem in found] == [
        (3, "march.yaml, sheet ratings, row 1"),
        (4, "march.yaml, sheet ratings, row 1"),
    ]


def test_a_row_about_another_period_is_checked_like_all_others(plan) -> None:
    found = problems(plan, changed(("at: 2026-03-06, count: 2", "at: 2019-03-06, count: 0")))
    assert [problem.code for problem in found] == ["F002"]


def test_a_nearly_known_word_is_guessed(plan) -> None:
    found = problems(plan, changed(("{type: late", "{type: lat")))
    assert (found[0].sentence("zh"), found[0].sentence("en")) == (
        "events 的 type：不认识 lat，是否为 late?",
        "type of events: lat is not known; did you mean late?",
    )


def test_every_problem_of_facts_is_raised_in_a_test() -> None:
    tested = "".join((HERE / name).read_text(encoding="utf-8") for name in ("test_facts_problems.py", "test_sources.py"))
    tested += (HERE.parent / "hostile" / "test_hostile_facts.py").read_text(encoding="utf-8")
    assert [code for code in every_problem() if code.startswith("F") and f'"{code}"' not in tested] == []
