"""A scheme in words: as a company's regulation, what is odd about it, what a new version changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from kaohe.comparing import Version, compare
from kaohe.comparing.telling import Sentences
from kaohe.documents import parse_document
from kaohe.linting import lint_scheme
from kaohe.plan import Plan
from kaohe.problems import Language, Place
from kaohe.reading import line_in, plan_of_tree
from kaohe.regulations import draft
from kaohe.regulations.pdf import page_data, pdf
from kaohe_web.engine.schemes import library_texts, outline_of, plan_of, read_scheme

Data = dict[str, object]


@lru_cache(maxsize=64)
def regulation_of(written: str, language: Language) -> Data:
    """The regulation of a plan as titles, marks and blocks: chapters, articles, paragraphs, listings, notes, tables."""
    return page_data(draft(plan_of(written), (language,)))


def regulation_pdf(written: str, languages: Sequence[Language]) -> bytes:
    """The regulation as a PDF, in one language or Chinese with English beneath."""
    return pdf(draft(plan_of(written), tuple(languages)))


@dataclass(frozen=True)
class Odd:
    """Something that is legal and seldom meant: where, what, a way out, and why the scheme accepts it, where it does."""

    code: str
    zh: str
    en: str
    mend_zh: str
    mend_en: str
    line: int | None
    accepted: object | None


@lru_cache(maxsize=64)
def odd_in(text: str) -> tuple[Odd, ...]:
    """Everything odd in a scheme's text, with its lines."""
    tree, problems = parse_document(text)
    plan = plan_of_tree(tree, Place(), problems)
    assert tree is not None, "a plan came of it"
    known = tree
    return tuple(
        Odd(
            one.code,
            one.sentence("zh"),
            one.sentence("en"),
            one.mend("zh"),
            one.mend("en"),
            one.place.line,
            one.accepted,
        )
        for one in lint_scheme(plan, lambda path: Place(line=line_in(known, path)))
    )


@dataclass(frozen=True)
class Differs:
    """One thing that a new version changes, and where it stands in both."""

    zh: str
    en: str
    where_zh: str
    where_en: str


def differences(old: str, new: str) -> list[tuple[tuple[str, str], list[Differs]]]:
    """What tells two texts of schemes apart, part by part; nothing where they say the same, however they are written."""
    zh, en = Sentences("zh"), Sentences("en")
    found = compare(_version(old), _version(new))
    return [
        (
            (zh.heading(changes[0]), en.heading(changes[0])),
            [Differs(zh.tell(one), en.tell(one), zh.where(one), en.where(one)) for one in changes],
        )
        for changes in found.parts().values()
    ]


def _version(text: str) -> Version:
    tree, problems = parse_document(text)
    plan = plan_of_tree(tree, Place(), problems)
    assert tree is not None, "a plan came of it"
    known = tree
    return Version(plan, lambda keys: line_in(known, keys))


# --- the library ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shelved:
    """A scheme of the library at a glance."""

    code: str
    zh: str
    en: str
    spans: tuple[str, ...]
    subjects: str
    items: tuple[tuple[str, str], ...]
    rated: bool
    ranked: bool
    pays: bool

    def matches(self, words: str) -> bool:
        """Whether every word stands in its names, its id or the names of its items."""
        told = " ".join((self.code, self.zh, self.en, *(text for item in self.items for text in item))).lower()
        return all(word in told for word in words.lower().split())


@lru_cache(maxsize=1)
def shelves() -> tuple[Shelved, ...]:
    """Every scheme of the library."""
    return tuple(_shelved(code) for code in library_texts())


def _shelved(code: str) -> Shelved:
    read = read_scheme(library_text(code))
    outline, plan = outline_of(read.plan), plan_of(read.plan)
    return Shelved(
        code,
        read.name,
        read.name_en,
        outline.spans,
        outline.subjects,
        tuple((name.zh, name.en) for _, name in outline.items),
        _rated(plan),
        outline.ranked,
        bool(outline.pay),
    )


def _rated(plan: Plan) -> bool:
    return any(item.rating is not None for item in plan.scheme.items.values())


def library_text(code: str) -> str:
    """The text of a scheme of the library; a KeyError for one that is not there."""
    return library_texts()[code].read_text(encoding="utf-8")
