"""Schemes: read from text, kept as compiled plans, asked for what pages and forms need of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from kaohe.checking.cells import bounds_words
from kaohe.labels import UNIT_WORDS, Labels
from kaohe.library import library_folder, scheme_ids
from kaohe.plan import Plan
from kaohe.problems import Language, Place, Problems
from kaohe.reading import plan_of_text
from kaohe.scheme import ConfigEntry, Declared, Rating
from kaohe.texts import Text
from kaohe_web.engine.telling import Told, told_of

ENGINE = version("kaohe")
NO_TEXT = Text("", "")
YES_NO = (("yes", Text("是", "Yes")), ("no", Text("否", "No")))


@dataclass(frozen=True)
class Read:
    """What became of a scheme's text: its plan and names, or every problem in it."""

    code: str = ""
    name: str = ""
    name_en: str = ""
    plan: str = ""
    digest: str = ""
    problems: tuple[Told, ...] = ()


def read_scheme(text: str, file: str = "") -> Read:
    """A scheme read and compiled; problems instead where it cannot be right."""
    try:
        plan = plan_of_text(text, Place(file=file))
    except Problems as refused:
        return Read(problems=tuple(told_of(refused.problems)))
    scheme = plan.scheme
    return Read(scheme.scheme, scheme.name.zh, scheme.name.en, plan.write(), digest_of(text))


def digest_of(text: str) -> str:
    """The hash by which a text is known."""
    return sha256(text.encode()).hexdigest()


def library_texts() -> dict[str, Path]:
    """The files of the library's schemes by their ids."""
    return {name: library_folder() / name / "scheme.yaml" for name in scheme_ids()}


@lru_cache(maxsize=32)
def plan_of(written: str) -> Plan:
    """The plan that was kept, ready to score."""
    return Plan.read(written)


# --- what a form asks -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """One thing that a scheme leaves to the company: how it is asked, within which bounds, and what holds unless chosen."""

    key: str
    part: str
    name: Text
    part_name: Text
    kind: str
    options: tuple[tuple[str, Text], ...] = ()
    low: str = ""
    high: str = ""
    default: str = ""
    clause: str = ""
    sum: str = ""
    optional: bool = False
    bounds: str = ""
    unit: Text = NO_TEXT
    section: Text = NO_TEXT
    section_bounds: str = ""


def choices_of(written: str) -> list[Choice]:
    """Every figure and option that a round's configuration may set, in the order of the scheme."""
    plan = plan_of(written)
    return [choice for key, entry in plan.scheme.config.items() for choice in _choices(plan, key, entry)]


def _choices(plan: Plan, key: str, entry: ConfigEntry) -> list[Choice]:
    parts = list(plan.scheme.items) if entry.for_ == "items" else list(entry.parts or ("",))
    return [_choice(plan, key, entry, part) for part in parts]


def _choice(plan: Plan, key: str, entry: ConfigEntry, part: str) -> Choice:
    named = plan.scheme.items[part].name if entry.for_ == "items" else entry.called.get(part)
    default = (entry.defaults or {}).get(part, entry.default) or ""
    within = _within(plan, entry, part)
    section, section_bounds = _section(plan, part) if entry.for_ == "items" else (NO_TEXT, "")
    return Choice(
        key=key,
        part=part,
        name=entry.name or Text(key, key),
        part_name=named or Text(part, part),
        kind=entry.kind,
        options=_options(plan, entry),
        low="" if within.low is None else str(within.low),
        high="" if within.high is None else str(within.high),
        default=default,
        clause=entry.clause,
        sum="" if entry.sum is None else str(entry.sum),
        optional=entry.optional or bool(default),
        bounds=bounds_words(within) if within.low is not None or within.high is not None else "",
        unit=UNIT_WORDS.get(entry.kind, NO_TEXT),
        section=section,
        section_bounds=section_bounds,
    )


def _section(plan: Plan, item: str) -> tuple[Text, str]:
    """The section whose weights must add up to so much, where an item stands in one."""
    for key, section in plan.scheme.sections.items():
        if item in section.items and section.weight is not None and ".." in section.weight:
            return section.name or Text(key, key), bounds_words(Declared.model_validate(f"number {section.weight}"))
    return NO_TEXT, ""


def _within(plan: Plan, entry: ConfigEntry, part: str) -> Declared:
    """The range of an item's weight, where items have ranges; else that of the entry."""
    item = plan.scheme.items.get(part) if entry.for_ is not None else None
    if item is not None and item.weight is not None and ".." in item.weight:
        return Declared.model_validate(f"number {item.weight}")
    return entry


def _options(plan: Plan, entry: ConfigEntry) -> tuple[tuple[str, Text], ...]:
    """What there is to choose from: named options, a vocabulary's words, yes and no; nothing where a figure is written."""
    if entry.one_of:
        return tuple((option, entry.called.get(option) or Text(option, option)) for option in entry.one_of)
    return YES_NO if entry.kind == "yes_no" else _words(plan, entry)


@dataclass(frozen=True)
class Field:
    """A fact that a scheme asks for: its key, name, kind and words to choose from."""

    key: str
    name: Text
    kind: str
    words: tuple[tuple[str, Text], ...] = ()
    low: str = ""
    high: str = ""
    optional: bool = False
    clause: str = ""
    of: str = ""

    @property
    def is_money(self) -> bool:
        """Whether it is an amount of yuan."""
        return self.kind == "yuan"


def _field(plan: Plan, key: str, declared: Declared, of: str = "") -> Field:
    return Field(
        key=key,
        name=declared.name or Text(key, key),
        kind=declared.kind,
        words=_words(plan, declared),
        low="" if declared.low is None else str(declared.low),
        high="" if declared.high is None else str(declared.high),
        optional=declared.optional or declared.default is not None,
        clause=declared.clause,
        of=of,
    )


def _words(plan: Plan, declared: Declared) -> tuple[tuple[str, Text], ...]:
    if declared.kind != "words" or declared.words is None:
        return ()
    if isinstance(declared.words, str):
        return tuple(plan.scheme.words[declared.words].names.items())
    return tuple((word, Text(word, word)) for word in declared.words)


def people_fields(written: str) -> list[Field]:
    """What the scheme asks of a person beside name and role."""
    plan = plan_of(written)
    return [_field(plan, key, declared) for key, declared in plan.scheme.people.items()]


def value_fields(written: str) -> list[Field]:
    """The figures of a period that somebody enters or an import brings."""
    plan = plan_of(written)
    found = []
    for key, declared in plan.scheme.values.items():
        unit, dot, own = key.partition(".")
        found.append(_field(plan, own if dot else key, declared, unit if dot else ""))
    return found


@dataclass(frozen=True)
class RecordKind:
    """A kind of dated record and its columns."""

    key: str
    name: Text
    clause: str
    fields: tuple[Field, ...]
    in_period: bool = True


def record_kinds(written: str) -> list[RecordKind]:
    """The kinds of dated records that the scheme takes."""
    plan = plan_of(written)
    return [
        RecordKind(
            key,
            kind.name,
            kind.clause,
            tuple(_field(plan, name, declared) for name, declared in kind.columns.items()),
            kind.window == "period",
        )
        for key, kind in plan.scheme.events.items()
    ]


@dataclass(frozen=True)
class RatedItem:
    """An item that people rate: which scores are allowed and in which relations."""

    key: str
    name: Text
    clause: str
    allowed: tuple[str, ...]
    low: str
    high: str
    relations: tuple[tuple[str, Text], ...]
    any_relation: bool
    anchors: tuple[tuple[str, str], ...]

    @property
    def takes_self(self) -> bool:
        """Whether the scheme itself counts a self-assessment."""
        return any(relation == "self" for relation, _ in self.relations)


def rated_items(written: str, role: str = "") -> list[RatedItem]:
    """The items that are rated, all of them or those of a role's form."""
    plan = plan_of(written)
    found = []
    for key in _items_of_role(plan, role):
        item = plan.scheme.items[key]
        rating = _rating_of(plan, key, role)
        if rating is not None:
            found.append(_rated(key, item.name or Text(key, key), item.clause, rating))
    return found


def _items_of_role(plan: Plan, role: str) -> list[str]:
    form = plan.forms.get(role) if plan.forms else None
    return list(form["items"]) if form is not None else list(plan.scheme.items)


def _rating_of(plan: Plan, key: str, role: str) -> Rating | None:
    """How an item is rated, by the role's own form where that says otherwise."""
    form = plan.scheme.forms.get(role)
    own = None if form is None or key not in form.items else form.items[key].own
    return own.rating if own is not None and own.rating is not None else plan.scheme.items[key].rating


# What relations are called where a scheme only lists their words.
RELATIONS = {
    "self": Text("本人", "Oneself"),
    "peer": Text("同事", "Colleague"),
    "supervisor": Text("主管", "Supervisor"),
    "superior": Text("上级", "Superior"),
    "manager": Text("经理", "Manager"),
    "general_manager": Text("总经理", "General manager"),
    "qa": Text("质检", "Quality inspector"),
}


def _rated(key: str, name: Text, clause: str, rating: Rating) -> RatedItem:
    raters = {} if rating.raters == "any" else {one: _relation(one, called) for one, called in rating.raters.items()}
    listed, low, high = _allowed(rating)
    return RatedItem(key, name, clause, listed, low, high, tuple(raters.items()), not raters, tuple((rating.anchors or {}).items()))


def _relation(relation: str, called: Text) -> Text:
    """What a relation is called: by the scheme, else by the trade."""
    return RELATIONS.get(relation, called) if called.zh == relation else called


def _allowed(rating: Rating) -> tuple[tuple[str, ...], str, str]:
    """The scores to choose from, or the ends between which any is allowed."""
    if isinstance(rating.allowed, tuple):
        return tuple(str(one) for one in rating.allowed), "", ""
    if rating.allowed is None:
        return (), "", ""
    low, high = rating.allowed.low, rating.allowed.high
    return (), "" if low is None else str(low), "" if high is None else str(high)


@dataclass(frozen=True)
class Outline:
    """What pages say of a scheme at a glance."""

    name: Text
    version: str
    subjects: str
    roles: tuple[tuple[str, Text], ...]
    rate_only: tuple[tuple[str, Text], ...]
    items: tuple[tuple[str, Text], ...]
    grades: tuple[tuple[str, Text], ...]
    pay: tuple[tuple[str, Text], ...]
    ranked: bool
    units: tuple[tuple[str, str], ...]
    spans: tuple[str, ...] = ()
    starts_on: int = 1


def outline_of(written: str) -> Outline:
    """Names of roles, items, grades and pay lines, and whether there are ranks."""
    plan = plan_of(written)
    scheme = plan.scheme
    zh, en = Labels(plan, "zh"), Labels(plan, "en")
    assessed = scheme.roles.assessed
    lines = [name for name, _, _ in plan.outputs["pay"]]
    grades = [] if scheme.grades is None else list(scheme.grades.rows)
    return Outline(
        name=scheme.name,
        version=scheme.version,
        subjects=scheme.subjects,
        roles=() if assessed == "all" else tuple(assessed.items()),
        rate_only=tuple(scheme.roles.rate_only.items()),
        items=tuple((key, item.name or Text(key, key)) for key, item in scheme.items.items()),
        grades=tuple((grade, Text(zh.grade(grade), en.grade(grade))) for grade in grades),
        pay=tuple((line, Text(zh.pay(line), en.pay(line))) for line in lines),
        ranked=scheme.rank is not None,
        units=tuple((key, unit.by or "") for key, unit in scheme.units.items()),
        spans=scheme.period.spans,
        starts_on=scheme.period.starts_on,
    )


def warning_names(written: str) -> dict[str, Text]:
    """The names of a scheme's warnings."""
    return {key: one.name for key, one in plan_of(written).scheme.warnings.items()}


def say(text: Text, language: Language) -> str:
    """A text in a language."""
    return text.tell(language)
