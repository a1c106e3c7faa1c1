"""`kaohe test`: worked cases, their failures, and its last line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

CASES = """
scheme: tea-house-waiters
cases:
  - name: quick-and-polite
    why: §1 and §2 in full
    period: {start: 2026-03-01, end: 2026-03-31}
    people: [{id: e1}]
    values: {e1: {refill_seconds: 59, greeting_share: 1}}
    expect: {e1: {total: 100, grade: A}}
  - name: a-share-above-one
    period: {start: 2026-03-01, end: 2026-03-31}
    people: [{id: e1}]
    values: {e1: {refill_seconds: 59, greeting_share: 2}}
    expect_error: {about: greeting_share, reason: out_of_range}
"""


def test_cases_find_the_scheme_in_their_folder(house):
    assert house.scheme
    said = house.run("test", house.write("cases.yaml", CASES))
    assert (said.code, said.out) == (0, "2 passed, 0 failed, 0 without a scheme\n")


def test_cases_find_the_scheme_by_its_id_beside_them(house):
    house.write("a/tea-house-waiters.yaml", Path(house.scheme).read_text(encoding="utf-8"))
    said = house.run("test", house.write("a/cases.yaml", CASES))
    assert said.out == "2 passed, 0 failed, 0 without a scheme\n"


def test_a_case_may_expect_several_problems_and_each_must_be_told(house):
    bad = CASES.replace(
        "    expect_error: {about: greeting_share, reason: out_of_range}",
        "    expect_error: [{about: greeting_share, reason: out_of_range}, {about: refill_seconds, reason: missing}]",
    )
    assert house.scheme
    said = house.run("test", house.write("cases.yaml", bad))
    assert (said.code, said.out.splitlines()[-1]) == (1, "1 passed, 1 failed, 0 without a scheme")
    assert "refill_seconds: missing" in said.out
    assert "greeting_share: out_of_range" not in said.out.split("got")[0]
    both = bad.replace("refill_seconds, reason: missing", "e1, reason: out_of_range")
    assert house.run("test", house.write("cases.yaml", both)).out == "2 passed, 0 failed, 0 without a scheme\n"


def test_cases_without_a_scheme_are_counted_and_do_not_fail(house):
    said = house.run("test", house.write("elsewhere/cases.yaml", CASES))
    assert (said.code, said.out) == (0, "0 passed, 0 failed, 2 without a scheme\n")
    assert "tea-house-waiters" in said.err


def test_a_scheme_of_another_id_beside_the_cases_is_not_taken_for_theirs(house):
    house.write("b/scheme.yaml", Path(house.scheme).read_text(encoding="utf-8").replace("tea-house-waiters", "other-house"))
    assert house.run("test", house.write("b/cases.yaml", CASES)).out == "0 passed, 0 failed, 2 without a scheme\n"


def test_a_folder_is_searched_to_its_depth(house):
    assert house.scheme
    house.write("cases.yaml", CASES)
    house.write("more.cases.yaml", CASES)
    house.write("deep/deeper/cases.yaml", CASES)
    assert house.run("test", house.folder).out == "4 passed, 0 failed, 2 without a scheme\n"


def test_a_file_named_twice_runs_once(house):
    assert house.scheme
    path = house.write("cases.yaml", CASES)
    assert house.run("test", path, house.folder).out == "2 passed, 0 failed, 0 without a scheme\n"


@pytest.mark.parametrize(("language", "words"), [("en", ("expected 99, got 100", "why: §1")), ("zh", ("应为 99, 实得 100", "理由: §1"))])
def test_a_failure_shows_expected_got_why_and_the_explanation(house, language, words):
    assert house.scheme
    said = house.run("test", house.write("cases.yaml", CASES.replace("total: 100", "total: 99")), "--lang", language)
    assert said.code == 1
    assert said.out.splitlines()[-1] == "1 passed, 1 failed, 0 without a scheme"
    assert "quick-and-polite" in said.out
    assert [word for word in words if word not in said.out] == []
    assert "100 × 40% + 100 × 60%" in said.out or "100 × 0.4" in said.out


def test_an_unexpected_problem_is_shown_with_its_place(house):
    assert house.scheme
    said = house.run(
        "test", house.write("cases.yaml", CASES.replace("refill_seconds: 59, greeting_share: 1}", "refill_seconds: -1, greeting_share: 1}"))
    )
    assert said.code == 1
    assert "F002" in said.out
    assert said.out.splitlines()[-1] == "1 passed, 1 failed, 0 without a scheme"


def test_a_broken_scheme_fails_its_cases_and_tells_its_problems(house):
    house.write("scheme.yaml", "scheme: tea-house-waiters\nname: x\n")
    said = house.run("test", house.write("cases.yaml", CASES))
    assert said.code == 1
    assert said.out.splitlines()[-1] == "0 passed, 2 failed, 0 without a scheme"
    assert "scheme.yaml" in said.err
    assert "Traceback" not in said.err


def test_a_case_file_that_is_no_yaml_fails(house):
    said = house.run("test", house.write("cases.yaml", "cases: ["))
    assert said.code == 1
    assert said.out.splitlines()[-1] == "0 passed, 1 failed, 0 without a scheme"


def test_cases_are_data_for_machines(house):
    assert house.scheme
    said = house.run("test", house.write("cases.yaml", CASES.replace("total: 100", "total: 99")), "--json")
    assert (said.data["passed"], said.data["failed"], said.data["without_scheme"]) == (1, 1, 0)
    assert said.data["failures"][0]["differences"] == [{"what": "e1.total", "expected": "99", "got": "100"}]


def test_a_path_that_is_not_there_is_a_problem(house):
    said = house.run("test", house.folder / "nowhere")
    assert said.code == 1
    assert "C002" in said.err


def test_the_librarys_own_cases_pass(house):
    cases = os.environ.get("KAOHE_CASES")
    if not cases:
        pytest.skip("KAOHE_CASES does not say where the public cases are")
    said = house.run("test", cases)
    assert (said.code, said.out.splitlines()[-1].split(", ")[1]) == (0, "0 failed"), said.out[-3000:]
