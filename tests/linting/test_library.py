"""The findings of the library's schemes and what their READMEs say of them are the same."""

from __future__ import annotations

import re

import pytest

from kaohe.library import library_folder, scheme_ids
from tests.linting.conftest import found

NAMED = re.compile(r"\*\*(L\d{3})\*\* `([^`]+)`")
HEADINGS = ("值得一问", "Worth asking")


def asked(scheme, heading):
    """What a README says is worth asking: code and name of each finding, in one language."""
    text = (library_folder() / scheme / "README.md").read_text(encoding="utf-8")
    section = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return [] if section is None else NAMED.findall(section[1])


def findings(scheme):
    return found(library_folder() / scheme / "scheme.yaml")


@pytest.mark.parametrize("heading", HEADINGS)
@pytest.mark.parametrize("scheme", scheme_ids())
def test_every_finding_is_told_in_both_halves_of_the_readme_and_nothing_else(scheme, heading):
    assert sorted(asked(scheme, heading)) == sorted((finding.code, finding.key) for finding in findings(scheme))


@pytest.mark.parametrize("scheme", scheme_ids())
def test_both_halves_tell_them_in_one_order(scheme):
    zh, en = (asked(scheme, heading) for heading in HEADINGS)
    assert zh == en


@pytest.mark.parametrize("scheme", scheme_ids())
def test_a_finding_stands_where_the_scheme_says_it(scheme):
    for finding in findings(scheme):
        assert finding.place.line is not None
        assert finding.clause


@pytest.mark.parametrize("scheme", scheme_ids())
def test_findings_come_in_one_order_whenever_they_are_asked_for(scheme):
    once, again = findings(scheme), findings(scheme)
    assert [finding.as_data() for finding in once] == [finding.as_data() for finding in again]
    assert [(finding.code, finding.key) for finding in once] == sorted((finding.code, finding.key) for finding in once)


def test_the_library_has_nothing_to_ask_that_is_merely_idle():
    """Dead declarations and missing names are mended in the schemes themselves, not told."""
    assert [
        (scheme, finding.code) for scheme in scheme_ids() for finding in findings(scheme) if finding.code in ("L050", "L060", "L090")
    ] == []


def test_the_library_shows_many_kinds_of_findings():
    assert len({finding.code for scheme in scheme_ids() for finding in findings(scheme)}) >= 15
