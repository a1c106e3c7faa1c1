"""What a scheme says: the frozen model of an appraisal scheme, and the JSON Schema made from it.

The model holds what was written, checked one entry at a time; whether the entries fit together is
the compiler's business. Formulas stay text here. Numbers are exact (`Fraction`).
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema, model_validator

from kaohe.numbers import Written, parse_date, parse_number, parse_yes_no, write_number
from kaohe.problems import NOWHERE, Problem
from kaohe.scheme_problems import ChoiceUnknown, DeclaredWrong, ShapeWrong, UnitMissing, did_you_mean
from kaohe.texts import Text


class Misread(ValueError):
    """What an entry says cannot be read; the reader of schemes gives the problem its place."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.code)


def shown(found: object) -> str:
    """What was written there, as YAML has it, cut where it is long."""
    if isinstance(found, dict):
        return shown("{" + ", ".join(f"{key}: {value}" for key, value in found.items()) + "}")
    text = "[" + ", ".join(map(str, found)) + "]" if isinstance(found, (list, tuple)) else str(found)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _exact(value: object) -> Fraction:
    read = parse_number(value)
    if isinstance(read, Problem):
        raise Misread(read)
    return read if isinstance(value, Fraction) else Written.of(read, value)


def _whole(value: object) -> int:
    read = _exact(value)
    if read.denominator != 1 or abs(read) > 1000:
        raise Misread(ShapeWrong(NOWHERE, found=shown(value), **SHAPES["int_parsing"]))
    return int(read)


def _by_number(value: object) -> object:
    """Keys and values of which every key is a number."""
    for key in _keyed(value):
        _exact(key)
    return value


def _by_place(value: object) -> object:
    """Keys and values of which every key is a place: 1, 2, 3; or the name of a choice that has such parts."""
    if isinstance(value, str):
        return value
    for key in _keyed(value):
        _whole(key)
    return value


def _yes(value: object) -> bool:
    read = value if isinstance(value, bool) else parse_yes_no(value)
    if isinstance(read, Problem):
        raise Misread(read)
    return read


def _keyed(value: object) -> dict[str, Any]:
    """The keys and values, in a dictionary of their own; anything else is refused."""
    if not isinstance(value, dict):
        raise Misread(ShapeWrong(NOWHERE, found=shown(value), **SHAPES["dict_type"]))
    return dict(value)


# What an entry had to be, by the name under which pydantic knows it.
SHAPES = {
    "dict_type": {"wanted_zh": "“键: 值”", "wanted_en": "keys and values"},
    "tuple_type": {"wanted_zh": "一个列表,例如 [a, b]", "wanted_en": "a list such as [a, b]"},
    "string_type": {"wanted_zh": "一个词或一段文字", "wanted_en": "a word or a text"},
    "int_parsing": {"wanted_zh": "整数", "wanted_en": "a whole number"},
}


def _text(value: object) -> Text:
    if isinstance(value, (dict, list)) or value is None or not str(value).strip():
        raise Misread(ShapeWrong(NOWHERE, found=shown(value), **SHAPES["string_type"]))
    return value if isinstance(value, Text) else Text.read(str(value))


def _day(value: object) -> str:
    read = parse_date(value)
    if isinstance(read, Problem):
        raise Misread(read)
    return read.isoformat()


def _rows(value: object) -> object:
    """One entry stands for a list of one."""
    return value if isinstance(value, (list, tuple, dict)) or value is None else [value]


Number = Annotated[
    Fraction,
    BeforeValidator(_exact),
    PlainSerializer(write_number),
    WithJsonSchema({"type": ["number", "string"], "description": "精确的数：0.8、80%、2/3 | an exact number: 0.8, 80%, 2/3"}),
]
YesNo = Annotated[bool, BeforeValidator(_yes), WithJsonSchema({"enum": ["yes", "no"]})]
Name = Annotated[
    Text,
    BeforeValidator(_text),
    PlainSerializer(lambda text: text.write()),
    WithJsonSchema({"type": "string", "description": "中文 | English"}),
]
Day = Annotated[str, BeforeValidator(_day)]
Formula = Annotated[
    str, WithJsonSchema({"type": ["string", "number"], "description": "公式：40% * own + 60% * team | a formula: 40% * own + 60% * team"})
]
Clause = Annotated[str, Field(description="依据原文哪一条 | where the source says so")]
Id = Annotated[str, Field(pattern=r"^[^\s.|]+$")]
Listed = Annotated[tuple[str, ...], BeforeValidator(_rows)]

UNITS = ("number", "ratio", "yuan", "points", "seconds", "minutes", "hours", "days")
KINDS = (*UNITS, "date", "month", "text", "yes_no", "words")


class Part(BaseModel):
    """A part of a scheme: frozen, and refusing keys that it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Declared(Part):
    """A fact that the scheme looks at: its kind, unit, bounds, and whether it may be absent.

    Written short, `whole 0.. optional`, `ratio above 0 up_to 1 default 0.5`, `[card, general]`,
    or as a mapping whose `is` holds the short form.
    """

    kind: Literal["number", "ratio", "yuan", "points", "seconds", "minutes", "hours", "days", "date", "month", "text", "yes_no", "words"]
    whole: bool = False
    words: tuple[str, ...] | str | None = None
    low: Number | None = None
    high: Number | None = None
    low_open: bool = False
    high_open: bool = False
    optional: bool = False
    default: str | None = None
    several: bool = False
    refused: bool = False
    allowed: tuple[Number, ...] | None = None
    steps: tuple[Number, ...] | None = None
    needed: Formula | None = None
    of: str | None = None
    for_roles: Listed | None = Field(default=None, alias="for")
    about: Listed = ()
    name: Name | None = None
    note: Name | None = None
    clause: Clause = ""
    measure: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _read_short(cls, value: object) -> object:
        if not isinstance(value, (str, list, dict)):
            raise Misread(DeclaredWrong(token=str(value)[:40]))
        if isinstance(value, dict) and "kind" in value:
            return value
        longer = dict(value) if isinstance(value, dict) else {"is": value}
        return {**_short_form(longer.pop("is", "text")), **longer}


class Must(Part):
    """A condition that facts must meet, the reason told when they do not, and what it is about."""

    is_: Formula = Field(alias="is")
    reason: Literal["out_of_range", "not_allowed", "unknown", "missing", "not_whole"] = "out_of_range"
    about: Listed = ()
    name: Name | None = None
    clause: Clause = ""


_BOUNDS = re.compile(r"(-?[\d./]+%?)?\.\.(-?[\d./]+%?)?")
_WORD = re.compile(r"[^\s]+")


def _short_form(short: object) -> dict[str, Any]:
    """The parts of a declaration from its short form."""
    if isinstance(short, (list, tuple)):
        return {"kind": "words", "words": tuple(str(word) for word in short)}
    tokens = _WORD.findall(str(short))
    found: dict[str, Any] = {}
    while tokens:
        _short_token(tokens.pop(0), tokens, found)
    if found.get("kind") == "ratio" and not {"low", "high", "low_open", "high_open"} & set(found):
        found |= {"low": "0", "high": "1"}
    if "kind" not in found and not found.get("whole"):
        raise Misread(UnitMissing())
    found.setdefault("kind", "number")
    return found


def _short_token(token: str, rest: list[str], found: dict[str, Any]) -> None:
    bounds = _BOUNDS.fullmatch(token)
    if token in KINDS and token != "words":
        found["kind"] = token
    elif token in ("whole", "optional", "several", "refused"):
        found[token] = True
    elif bounds:
        found |= {key: value for key, value in zip(("low", "high"), bounds.groups(), strict=True) if value is not None}
    elif token in _EDGES and rest:
        side, is_open = _EDGES[token]
        found |= {side: rest.pop(0), f"{side}_open": is_open}
    elif token == "default" and rest:
        found["default"] = " ".join(rest)
        rest.clear()
    elif "kind" not in found:
        found |= {"kind": "words", "words": token}
    else:
        raise Misread(DeclaredWrong(token=token))


_EDGES = {"above": ("low", True), "from": ("low", False), "below": ("high", True), "up_to": ("high", False)}


PERIODS = (
    "week",
    "month",
    "quarter",
    "half_year",
    "year",
    "any",
    "calendar month",
    "calendar quarter",
    "calendar half_year",
    "calendar year",
)


Span = Literal["week", "month", "quarter", "half_year", "year", "any"]


class Period(Part):
    """The span that one round covers: `month`, `calendar quarter` (checked), or one that starts on another day.

    `calendar month or year` takes either; earlier periods are counted in the first one named.
    """

    unit: Span
    also: tuple[Span, ...] = ()
    checked: bool = False
    starts_on: int = Field(default=1, ge=1, le=28)

    @property
    def spans(self) -> tuple[Span, ...]:
        """Every span that will do, the usual one first."""
        return (self.unit, *self.also)

    @model_validator(mode="before")
    @classmethod
    def _read_short(cls, value: object) -> object:
        longer = {"is": value} if isinstance(value, str) else _keyed(value)
        if "is" not in longer:
            return longer
        words = str(longer.pop("is")).split() or [""]
        checked = words[0] == "calendar" and len(words) > 1
        spans = words[checked:]
        if len(spans) % 2 == 0 or set(spans[1::2]) - {"or"}:
            raise Misread(ChoiceUnknown(NOWHERE, found=" ".join(words), known=", ".join(PERIODS), **did_you_mean(" ".join(words), PERIODS)))
        return {"unit": spans[0], "also": tuple(spans[2::2]), "checked": checked, **longer}


class Roles(Part):
    """Whose role is assessed, who only rates, and what becomes of any other role."""

    assessed: dict[str, Name] | Literal["all"] = "all"
    rate_only: dict[str, Name] = {}
    others: Literal["refused", "ignored"] = "ignored"

    @model_validator(mode="before")
    @classmethod
    def _lists(cls, value: object) -> object:
        longer = _keyed(value)
        for key in ("assessed", "rate_only"):
            if isinstance(longer.get(key), list):
                longer[key] = {str(word): word for word in longer[key]}
        return longer


class Unit(Part):
    """Something other than a person that has figures: a department, a store."""

    by: str | None = None
    one: YesNo = False
    results: YesNo = False
    name: Name | None = None

    @model_validator(mode="before")
    @classmethod
    def _read_short(cls, value: object) -> object:
        if value == "one":
            return {"one": True}
        if isinstance(value, str):
            return {"by": value.removeprefix("by ").strip()}
        return value


class Group(Part):
    """Other people seen from one person; `others_of` leaves that person out."""

    others_of: str | None = None
    all_of: Formula | None = None
    all: YesNo = False
    where: Formula | None = None
    blank: Literal["nobody", "one group"] = "nobody"
    name: Name | None = None
    clause: Clause = ""


class State(Part):
    """A condition that takes a person out of scoring, with its status and what is paid all the same."""

    when: Formula
    status: Id = "not_assessed"
    name: Name
    clause: Clause = ""
    pay: dict[str, Formula] = {}


class Window(Part):
    """Parts of the period, such as weeks: the days of the month on which they start.

    Rows of the event types under `of` (all types where it is empty) may name their part in
    `column`; with `any_date` such a row counts whatever its date.
    """

    starts_on_days: tuple[int, ...]
    column: str | None = None
    of: Listed = ()
    any_date: YesNo = False
    name: Name | None = None
    clause: Clause = ""


class ConfigEntry(Declared):
    """A choice that the scheme leaves to the company: one figure, or one for each of several parts."""

    for_: Literal["items"] | None = Field(default=None, alias="for_each")
    parts: Listed | None = None
    sum: Number | None = None
    one_of: Listed | None = None
    called: dict[str, Name] = {}
    defaults: dict[str, str] | None = None

    @model_validator(mode="before")
    @classmethod
    def _read_choice(cls, value: object) -> object:
        if not isinstance(value, dict) or "kind" in value:
            return value
        longer = dict(value)
        for key in ("parts", "one_of"):
            if isinstance(longer.get(key), dict):  # each with its name
                longer["called"] = longer[key]
                longer[key] = list(longer[key])
        if "one_of" in longer and "is" not in longer:
            numeric = all(not isinstance(parse_number(option), Problem) for option in _rows(longer["one_of"]) or ())  # type: ignore[attr-defined]
            longer["is"] = "number" if numeric else "text"
        if isinstance(longer.get("default"), dict):
            longer["defaults"] = longer.pop("default")
        return longer


class EventType(Part):
    """A kind of dated record: its columns and what its rows must meet."""

    name: Name
    columns: dict[str, Declared] = {}
    must: dict[str, Must] = {}
    window: Literal["period", "any date", "up to as_of"] = "period"
    one_per: str | None = None
    after: Listed = ()
    unfed: Literal["ignored", "refused"] = "ignored"
    clause: Clause = ""

    @model_validator(mode="before")
    @classmethod
    def _read_short(cls, value: object) -> object:
        return {"name": value} if isinstance(value, str) else value


class Tier(Part):
    """One band of a table: its edge, and what it gives."""

    below: Number | None = None
    up_to: Number | None = None
    above: Number | None = None
    from_: Number | None = Field(default=None, alias="from")
    else_: bool = Field(default=False, alias="else")
    points: Formula = "0"
    clause: Clause = ""

    @model_validator(mode="before")
    @classmethod
    def _read_else(cls, value: object) -> object:
        if isinstance(value, dict) and "else" in value and str(value["else"]).lower() not in ("yes", "true"):
            return {**value, "else": True, "points": value["else"]}
        return value


class Ratio(Part):
    """Two counts kept apart, and what an absent or empty denominator means."""

    part: Formula
    whole: Formula
    direct: Formula | None = None
    zero: Literal["none", "missing"] | Number = "none"
    absent: Literal["none", "missing"] = "missing"
    both_absent: Literal["none", "missing"] = "missing"
    may_exceed: YesNo = False

    @model_validator(mode="before")
    @classmethod
    def _read_pair(cls, value: object) -> object:
        if isinstance(value, (list, tuple)) and len(value) == 2:
            return {"part": value[0], "whole": value[1]}
        return value


class Rating(Part):
    """Scores that people give: which are allowed, by whom, and how they become one."""

    allowed: tuple[Number, ...] | Declared | None = None
    anchors: dict[str, str] | None = None
    raters: dict[str, Name] | Literal["any"] = "any"
    mean: Literal["pooled", "by relation"] | dict[str, Number] = "pooled"
    all_of: dict[str, Formula] = {}
    absent_share: dict[str, str] = {}
    per: str | None = None
    item: str | None = None
    whole_form: YesNo = False
    not_applicable: Literal["ignored", "allowed"] = "ignored"
    mute: Listed = ()
    once_per: Annotated[tuple[Literal["relation", "subject"], ...], BeforeValidator(_rows)] = ()
    own_sheet: YesNo = False

    @model_validator(mode="before")
    @classmethod
    def _read_lists(cls, value: object) -> object:
        longer = _keyed(value)
        for key in ("raters", "all_of"):
            if isinstance(longer.get(key), (list, tuple)):
                longer[key] = {str(word): word if key == "raters" else "yes" for word in longer[key]}
        if isinstance(longer.get("allowed"), list):
            longer["allowed"] = tuple(longer["allowed"])
        if isinstance(longer.get("allowed"), str):
            longer["allowed"] = f"number {longer['allowed']}"
        anchors = longer.get("anchors")
        for level in anchors if isinstance(anchors, dict) else ():
            for end in str(level).split(".."):
                _whole(end)
        return longer


class Places(Part):
    """Points for the first places: by what, among whom, and only where a gate holds.

    `points` gives each place a formula (`{1: 3, 2: config.second}`), or names a choice of the company
    whose parts are the places (`config.rewards`).
    """

    by: Formula
    among: str
    better: Literal["higher", "lower"] = "higher"
    points: Annotated[dict[str, Formula] | str, BeforeValidator(_by_place)]
    only: Formula | None = None


class PerEvent(Part):
    """What one row of an event type gives, a formula over its columns, or a table."""

    points: Formula | None = None
    where: Formula | None = None
    by: Formula | None = None
    tiers: tuple[Tier, ...] | None = None
    once: YesNo = False
    clause: Clause = ""

    @model_validator(mode="before")
    @classmethod
    def _read_short(cls, value: object) -> object:
        return value if isinstance(value, dict) else {"points": value}


class Story(Part):
    """A named rule that walks one subject's rows in order of time."""

    rule: str
    settings: dict[str, Any] = {}


class Share(Part):
    """A pool shared out: how much there is, each person's part, among whom, and what becomes of the last cents."""

    pool: Formula
    by: Formula
    among: str
    rounding: Literal["half_up", "largest_remainder"] = "half_up"
    to: Number = Fraction(1, 100)
    clause: Clause = ""


class Rounding(Part):
    """Where and how a figure is rounded: to which place, halves how, and whether only endless ones."""

    to: Number
    half: Literal["half_up", "half_even", "up", "down"] = "half_up"
    only: Literal["always", "endless"] = "always"
    clause: Clause = ""

    @model_validator(mode="before")
    @classmethod
    def _read_short(cls, value: object) -> object:
        return value if isinstance(value, dict) else {"to": value}


class Body(Part):
    """How a figure comes about: one rule, then what is added, bounded and rounded."""

    name: Name | None = None
    clause: Clause = ""
    note: Name | None = None
    is_: Formula | None = Field(default=None, alias="is")
    by: Formula | None = None
    tiers: tuple[Tier, ...] | None = None
    line: Annotated[dict[str, Number], BeforeValidator(_by_number)] | None = None
    ratio: Ratio | None = None
    per_event: dict[str, PerEvent] | None = None
    once: dict[str, Formula] | None = None
    rating: Rating | None = None
    places: Places | None = None
    story: Story | None = None
    share: Share | None = None
    full: Formula | None = None
    then: Formula | None = None
    plus: Annotated[tuple[Formula | Body, ...], BeforeValidator(_rows)] = ()
    floor: Formula | None = None
    cap: Formula | None = None
    round: Rounding | None = None
    if_none: Literal["missing", "spread", "null"] | str | None = None
    if_absent: Formula | None = None
    per: str | None = None
    given: dict[str, str] = {}
    unit: Literal["number", "ratio", "yuan", "points", "seconds", "minutes", "hours", "days"] | None = None

    @model_validator(mode="before")
    @classmethod
    def _read_short(cls, value: object) -> object:
        return value if isinstance(value, dict) else {"is": value}


class Figure(Body):
    """A named figure on the way; `show` makes it a result."""

    show: YesNo = False
    past: Formula | None = None


class Item(Body):
    """One thing that gets points."""

    weight: str | None = None
    points: Number | None = None
    let: dict[str, Body] = {}
    in_use: Formula | None = None
    in_total: YesNo = True
    reported: Rounding | None = None
    source: Name | None = None
    reviewer: Name | None = None

    @property
    def may_not_apply(self) -> bool:
        """Whether raters may say that it did not apply; then it drops out, and is owed only where nobody rated."""
        return self.rating is not None and self.rating.not_applicable == "allowed"


class FormItem(Part):
    """What a form says of one item: its weight, or a reading of its own."""

    weight: Number | None = None
    own: Item | None = None


class Form(Part):
    """The items of one role or group."""

    for_: Formula | None = Field(default=None, alias="for")
    name: Name | None = None
    items: dict[str, FormItem]
    scaled: Number | None = None
    clause: Clause = ""

    @model_validator(mode="before")
    @classmethod
    def _read_items(cls, value: object) -> object:
        longer = _keyed(value)
        items = longer.get("items", {})
        if isinstance(items, (list, tuple)):
            items = {str(item): {} for item in items}
        longer["items"] = {item: entry if isinstance(entry, dict) else {"weight": entry} for item, entry in _keyed(items).items()}
        return longer


class Section(Part):
    """A dimension: items whose weights belong together."""

    name: Name
    weight: str | None = None
    items: Listed
    clause: Clause = ""


class Total(Part):
    """How items become one figure."""

    is_: Formula = Field(alias="is")
    weights: Literal["printed", "scaled", "full"] | str = "full"
    then: Formula | None = None
    floor: Number | None = None
    cap: Number | None = None
    round: Rounding | None = None
    reported: Rounding | None = None
    clause: Clause = ""


class Rank(Part):
    """Places by a figure among a group; ties share the better place."""

    by: Formula = "total"
    better: Literal["higher", "lower"] = "higher"
    among: str | None = None
    clause: Clause = ""


class GradeColumn(Declared):
    """A further column of the grade table; `show` makes it a result of its own."""

    show: YesNo = False


class GradeRow(Part):
    """One grade: its edge or condition, and its words and figures in the further columns."""

    model_config = ConfigDict(extra="allow", frozen=True, populate_by_name=True)
    from_: Number | None = Field(default=None, alias="from")
    above: Number | None = None
    below: Number | None = None
    up_to: Number | None = None
    when: Formula | None = None
    else_: YesNo = Field(default=False, alias="else")
    name: Name | None = None
    text: Name | None = None
    clause: Clause = ""


class Grades(Part):
    """The table of grades, from the best down."""

    by: Formula = "total"
    shown: YesNo = True
    columns: dict[str, GradeColumn] = {}
    rows: dict[str, GradeRow]
    clause: Clause = ""


class PayLine(Body):
    """A named amount of money; absent where an amount that it needs is absent."""

    complete: str | None = None


class Pay(Part):
    """The pay sheet's lines, in order."""

    round: Rounding | None = None
    lines: dict[str, PayLine]
    clause: Clause = ""


class Action(Part):
    """A consequence, proposed when its condition holds."""

    name: Name
    when: Formula
    instead_of: Listed = ()
    clause: Clause = ""


class Warning(Part):
    """Something worth a look that changes no figure."""

    name: Name
    when: Formula
    clause: Clause = ""


class Effective(Part):
    """From when to when a version of a scheme holds."""

    from_: Day = Field(alias="from")
    to: Day | None = None


class Words(Part):
    """A list of allowed words; each may carry a number and a name."""

    numbers: dict[str, Number] = {}
    names: dict[str, Name] = {}

    @model_validator(mode="before")
    @classmethod
    def _read_short(cls, value: object) -> object:
        if isinstance(value, (list, tuple)):
            return {"names": {str(word): word for word in value}}
        if isinstance(value, dict) and not set(value) <= {"numbers", "names"}:
            return _worded(value)
        return value


def _worded(value: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, dict[str, Any]] = {"numbers": {}, "names": {}}
    for word, entry in value.items():
        longer = entry if isinstance(entry, dict) else {"number": entry}
        found["names"][word] = longer.get("name", word)
        if longer.get("number") is not None:
            found["numbers"][word] = longer["number"]
    return found


class Scheme(Part):
    """One appraisal scheme: a complete set of rules from facts to points, grades, pay and actions."""

    scheme: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    name: Name
    version: Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+)*$")] = "1"
    effective: Effective | None = None
    about: Name | None = None
    source: str | None = None
    scale: Number | None = None
    period: Period
    as_of: Formula = "end"
    subjects: Literal["people", "units"] = "people"
    roles: Roles = Roles()
    people: dict[str, Declared] = {}
    units: dict[str, Unit] = {}
    words: dict[str, Words] = {}
    config: dict[str, ConfigEntry] = {}
    values: dict[str, Declared] = {}
    other_values: Literal["ignored", "refused"] = "ignored"
    must: dict[str, Must] = {}
    events: dict[str, EventType] = {}
    history: dict[str, Declared] = {}
    groups: dict[str, Group] = {}
    windows: dict[str, Window] = {}
    states: dict[str, State] = {}
    figures: dict[str, Figure] = {}
    items: dict[str, Item] = {}
    forms: dict[str, Form] = {}
    sections: dict[str, Section] = {}
    total: Total | None = None
    grades: Grades | None = None
    rank: Rank | None = None
    pay: Pay | None = None
    actions: dict[str, Action] = {}
    warnings: dict[str, Warning] = {}
    accept: dict[str, str] = {}


for _part in (Declared, ConfigEntry, GradeColumn, Body, Figure, Item, FormItem, Form, PayLine, EventType, Scheme):
    _part.model_rebuild()


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a scheme file, for editors."""
    return Scheme.model_json_schema(by_alias=True)
