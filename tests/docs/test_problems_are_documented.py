"""Codes and pages belong together: every code has its page, every page its code, and examples do what they say."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from kaohe.cases import facts_of
from kaohe.checking import check_facts
from kaohe.documents import LARGEST_SCHEME, parse_document
from kaohe.linting import lint_scheme
from kaohe.problems import Problem, Problems
from kaohe.reading import plan_of_text, read_plan

FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CORPUS_LINK = re.compile(r"\(\.\./\.\./(tests/broken/[A-Z].*?\.yaml)\)")

# Examples that no text of a page can hold: bytes that are no text, files too large, files that are not there.
BY_BYTES = {
    "D001": b"scheme: tea-house\n" + b"# padding\n" * (LARGEST_SCHEME // 10),
    "D005": b"scheme: " + b"[" * 100 + b"]" * 100,
    "D007": b"name: \xff\xff\xff\n",
    "D008": None,
    "D012": b"PK\x03\x04\x00\x00",
}
# Codes that the tests of hostile files raise, each with a scheme too long for a page.
BY_HOSTILE_FILES = {"S057", "S058", "S059"}


def codes_told(read):
    with pytest.raises(Problems) as caught:
        read()
    return {problem.code for problem in caught.value}


@pytest.fixture(scope="module")
def kinds(reference):
    return reference.all_problems()


def page_of(reference, code):
    return (reference.DOCS / "problems" / f"{code}.md").read_text(encoding="utf-8")


def test_no_two_problems_have_one_code(kinds):
    waiting, found = list(Problem.__subclasses__()), []
    while waiting:
        kind = waiting.pop()
        waiting.extend(kind.__subclasses__())
        found += [kind.code] if kind.code and kind.__module__.startswith("kaohe.") else []
    assert [code for code, times in Counter(found).items() if times > 1] == []
    assert set(found) == set(kinds)


def test_every_code_has_a_page_and_every_page_a_code(reference, kinds):
    pages = {path.stem for path in (reference.DOCS / "problems").glob("*.md")} - {"README"}
    assert pages == set(kinds)


def test_every_code_says_what_it_means_in_chinese(reference, kinds):
    notes = reference.load(reference.NOTES)
    assert set(kinds) - set(notes) == set(), "tools/problem_notes.yaml lacks these"
    assert set(notes) - set(kinds) == set(), "tools/problem_notes.yaml has codes that are no more"


def test_every_page_has_an_example_what_it_prints_and_what_to_do(reference, kinds):
    for code in kinds:
        page = page_of(reference, code)
        assert page.startswith(f"# {code} · ")
        assert [heading in page for heading in ("## 例子 Example", "## 输出 What it prints", "## 怎么办 What to do")] == [True] * 3
        assert FENCED.search(page)


def test_every_example_of_a_scheme_raises_its_code(reference, kinds):
    """Each page of a scheme's, document's or formula's problem shows lines of a broken scheme, which is refused by that code."""
    for code in [code for code in kinds if code[0] in "SDEN" and code not in BY_BYTES and code not in BY_HOSTILE_FILES]:
        page = page_of(reference, code)
        link = CORPUS_LINK.search(page)
        assert link, f"{code} shows no broken scheme"
        path = reference.TOP / link[1]
        shown = next(text for kind, text in FENCED.findall(page) if kind == "yaml")
        text = path.read_text(encoding="utf-8")
        assert [line for line in shown.splitlines() if line not in text and not line.startswith("# gone") and not line.endswith("...")] in (
            [],
            ["# nothing at all"],
        )
        assert code in codes_told(lambda path=path: read_plan(path))


@pytest.mark.parametrize("code", BY_BYTES)
def test_every_example_of_a_file_raises_its_code(code, tmp_path):
    path = tmp_path / "scheme.yaml"
    if BY_BYTES[code] is not None:
        path.write_bytes(BY_BYTES[code])
    assert codes_told(lambda: read_plan(path)) == {code}


def test_every_example_of_facts_raises_its_code(reference, kinds):
    plan = plan_of_text(reference.WHOLE.read_text(encoding="utf-8"))
    ran = 0
    for code in [code for code in kinds if code[0] == "F"]:
        for text in [text for kind, text in FENCED.findall(page_of(reference, code)) if kind == "yaml" and text.startswith("# facts")]:
            tree, problems = parse_document(text)
            assert not problems
            assert code in codes_told(lambda tree=tree: check_facts(plan, facts_of(tree, reference.Place())))
            ran += 1
    assert ran >= 8


def test_every_example_of_a_finding_is_asked_about_by_its_code(reference, kinds):
    """Each page of what is worth asking shows a whole scheme, which compiles and is asked about by that code at that line."""
    for code in [code for code in kinds if code[0] == "L"]:
        page = page_of(reference, code)
        shown = next(text for kind, text in FENCED.findall(page) if kind == "yaml")
        found = [finding.code for finding in lint_scheme(plan_of_text(shown))]
        assert code in found, code
        line = int(re.search(rf"scheme\.yaml:(\d+)  {code}", page)[1])
        assert shown.splitlines()[line - 1].strip()


def test_the_page_of_lints_lists_every_one_of_them_once(reference, kinds):
    page = (reference.DOCS / "reference" / "lints.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| \[(L\d{3})\]", page, re.MULTILINE) == sorted(
        [code for code in kinds if code[0] == "L"], key=lambda code: (list(reference.TOPICS).index(kinds[code].reason), code)
    )
