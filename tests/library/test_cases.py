"""Every worked case of every scheme of the library, the project's own and those that KAOHE_CASES names."""

from __future__ import annotations

import os

import pytest

from kaohe.cases import case_of, run_case
from kaohe.documents import Branch
from kaohe.library import library_folder, scheme_ids
from tests.library.cases import case_files, cases, plan_of, rows_of

KNOWN = [pytest.param(scheme, row, id=f"{scheme}/{row['name']}") for scheme, row in cases()]


@pytest.mark.parametrize(("scheme", "row"), KNOWN)
def test_case(scheme: str, row: Branch) -> None:
    outcome = run_case(plan_of(scheme), case_of(row))
    assert outcome.differences == ()


@pytest.mark.parametrize("scheme", scheme_ids())
def test_every_scheme_has_worked_cases(scheme: str) -> None:
    assert case_files(scheme)


def test_the_public_cases_are_there_where_the_folder_is_named() -> None:
    if not os.environ.get("KAOHE_CASES"):
        pytest.skip("KAOHE_CASES names no folder: only the project's own cases were run")
    lacking = [scheme for scheme in scheme_ids() if not any(str(path).startswith(os.environ["KAOHE_CASES"]) for path in case_files(scheme))]
    assert lacking == []


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_readme_tells_how_many_cases_there_are(name: str) -> None:
    own = sum(len(rows_of(library_folder() / scheme / "cases.yaml")) for scheme in scheme_ids())
    assert f"\n{own} passed, 0 failed, 0 without a scheme\n" in (library_folder().parent / name).read_text(encoding="utf-8")
