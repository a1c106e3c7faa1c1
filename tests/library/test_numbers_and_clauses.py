"""No number of the library stands without a clause: of its own, or of what it belongs to."""

from __future__ import annotations

import pytest

from kaohe.documents import Branch, parse_document, read_document
from kaohe.library import library_folder, scheme_ids
from tests.library.numbers_and_clauses import numbers_of


def tree_of(scheme: str) -> Branch:
    tree, problems = read_document(library_folder() / scheme / "scheme.yaml")
    assert tree is not None
    assert not problems
    return tree


@pytest.mark.parametrize("scheme", scheme_ids())
def test_every_number_stands_under_a_clause(scheme: str) -> None:
    assert [f"{'.'.join(found.path)}: {found.text}" for found in numbers_of(tree_of(scheme)) if not found.under_a_clause] == []


def test_a_number_without_a_clause_is_found_wherever_it_stands() -> None:
    tree, _ = parse_document(
        """
values: {refill: {is: seconds 0..}, seats: {is: whole 0..60}}
rules: {each: {is: 7 * count(cup)}, told: {is: 9 * count(cup)}}
items:
  breakage: {full: 100, per_event: {broken_cup: -10}, clause: §1}
  refill: {by: refill, line: {60: 100}}
  cups: {rule: told, clause: §2}
actions: {talk: {when: total < 60}}
"""
    )
    assert tree is not None
    lacking = {".".join(found.path): found.text for found in numbers_of(tree) if not found.under_a_clause}
    assert lacking == {
        "values.seats.is": "60",
        "rules.each.is": "7",
        "items.refill.line.60": "100",
        "actions.talk.when": "60",
    }
