"""An indicator as the library describes it: what it is, where its figure comes from, how it is usually scored.

Frozen models. What a single field may hold is said here; what fields must agree on is checked in
`kaohe.indicators.checks`.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from kaohe.numbers import parse_number
from kaohe.problems import Problem
from kaohe.texts import Text

Perspective = Literal["financial", "customer", "process", "growth"]
Role = Literal["agent", "shop_agent", "field_engineer", "lead", "inspector", "manager"]
Cycle = Literal["day", "week", "month", "quarter", "half_year", "year"]
Direction = Literal["higher", "lower", "neither"]
Unit = Literal["ratio", "yuan", "points", "seconds", "minutes", "hours", "days", "number", "whole"]
RuleName = Literal["line", "attained", "within", "near", "each", "limit", "steps", "as_points", "watched"]

ENTERED = "entered"
PARTS = "parts"
COMPANY = "company"  # a target that has no usual value: the company itself must give it

PERSPECTIVES: dict[Perspective, Text] = {
    "financial": Text("财务", "Financial"),
    "customer": Text("客户", "Customer"),
    "process": Text("内部流程", "Internal process"),
    "growth": Text("学习与成长", "Learning and growth"),
}
ROLES: dict[Role, Text] = {
    "agent": Text("客服", "Agent"),
    "shop_agent": Text("网店客服", "Shop agent"),
    "field_engineer": Text("售后工程师", "Field engineer"),
    "lead": Text("组长", "Team lead"),
    "inspector": Text("质检员", "Inspector"),
    "manager": Text("经理", "Manager"),
}
CYCLES: dict[Cycle, Text] = {
    "day": Text("日", "day"),
    "week": Text("周", "week"),
    "month": Text("月", "month"),
    "quarter": Text("季", "quarter"),
    "half_year": Text("半年", "half-year"),
    "year": Text("年", "year"),
}
DIRECTIONS: dict[Direction, Text] = {
    "higher": Text("越高越好", "higher is better"),
    "lower": Text("越低越好", "lower is better"),
    "neither": Text("适中为好", "neither high nor low is better"),
}
UNITS: dict[Unit, Text] = {
    "ratio": Text("百分比", "share (%)"),
    "yuan": Text("元", "yuan"),
    "points": Text("分", "points"),
    "seconds": Text("秒", "seconds"),
    "minutes": Text("分钟", "minutes"),
    "hours": Text("小时", "hours"),
    "days": Text("天", "days"),
    "number": Text("数", "number"),
    "whole": Text("个数", "count"),
}


def _as_text(value: object) -> object:
    """`中文 | English` as a Text; Chinese letters on the left alone, both sides there."""
    if isinstance(value, Text):
        return value
    sides = [side.strip() for side in str(value or "").split("|")]
    if len(sides) != 2 or not all(sides) or not _CHINESE.search(sides[0]) or _CHINESE.search(sides[1]):
        raise PydanticCustomError("one_language", "must be written in both languages")
    return Text(*sides)


def _as_number(value: object) -> object:
    if value == COMPANY:
        return value
    number = parse_number(value)
    if isinstance(number, Problem):
        raise PydanticCustomError("no_number", "is no number")
    return number


_CHINESE = re.compile(r"[\u4e00-\u9fff]")

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
Words = Annotated[Text, BeforeValidator(_as_text)]
Setting = Annotated[Fraction | Literal["company"], BeforeValidator(_as_number)]


class Entry(BaseModel):
    """A frozen part of the library; what it does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Part(Entry):
    """One of the two figures that an indicator divides."""

    name: Words
    unit: Unit


class Scored(Entry):
    """How an indicator is usually scored: the rule, the usual numbers, what happens where there is nothing to measure."""

    rule: RuleName
    full: Setting | None = None
    zero: Setting | None = None
    fair: Setting | None = None
    target: Setting | None = None
    tolerance: Setting | None = None
    low: Setting | None = None
    high: Setting | None = None
    start: Setting | None = None
    each: Setting | None = None
    limit: Setting | None = None
    cap: Setting | None = None
    if_none: Literal["missing", "spread"] = "missing"

    def settings(self) -> dict[str, Fraction | Literal["company"]]:
        """The settings that are written, by name."""
        return {name: value for name, value in self if name not in ("rule", "if_none") and value is not None}


class Indicator(Entry):
    """One indicator: its card.

    `unit` is one of the scheme language; `counted_in` says what a number counts. `fed_by` is the id
    of the measure that makes the figure; or `parts`, two measures of which one is divided by the
    other; or `entered`: then `entered_by` says who enters it, and a share is entered as its two
    counts, its `parts`.
    """

    id: Id
    theme: Id
    name: Words
    definition: Words
    formula: Words
    unit: Unit
    counted_in: Words | None = None
    range: Annotated[str, StringConstraints(pattern=r"^-?[\d.]+\.\.(-?[\d.]*\d)?$")] | None = None
    direction: Direction
    perspective: Perspective
    cycle: tuple[Cycle, ...] = Field(min_length=1)
    roles: tuple[Role, ...] = Field(min_length=1)
    source: Words
    usual: Words
    fed_by: Id
    entered_by: Words | None = None
    parts: dict[Id, Part] = {}
    may_exceed: bool = False
    scored: Scored
    pitfalls: tuple[Words, ...] = Field(min_length=1)

    @property
    def measured(self) -> bool:
        """Whether measures make its figure; otherwise a person enters it."""
        return self.fed_by != ENTERED

    @property
    def measures(self) -> tuple[str, ...]:
        """The ids of the measures that make its figure; none where a person enters it."""
        if self.fed_by == PARTS:
            return tuple(self.parts)
        return (self.fed_by,) if self.measured else ()

    @property
    def watched(self) -> bool:
        """Whether it is shown and not scored."""
        return self.scored.rule == "watched"

    @property
    def value(self) -> str:
        """The id of its value in a scheme: the measure's, which is where measuring writes, else its own."""
        return self.fed_by if self.measured else self.id

    @property
    def unit_name(self) -> Text:
        """What it is counted in, as people say it."""
        return self.counted_in or UNITS[self.unit]

    def ends(self) -> tuple[Fraction | None, Fraction | None]:
        """The least and the greatest that its figure can be; None where there is no end."""
        written = self.range or ("0..1" if self.unit == "ratio" and not self.may_exceed else "0..")
        low, _, high = written.partition("..")
        return _end(low), _end(high)


def _end(text: str) -> Fraction | None:
    number = parse_number(text)
    return None if isinstance(number, Problem) else number


class Theme(Entry):
    """What the indicators of one file have in common."""

    id: Id
    order: int
    name: Words
    about: Words


class Library(Entry):
    """The whole library: its themes in order, and their indicators in order."""

    themes: tuple[Theme, ...]
    indicators: tuple[Indicator, ...]

    @cached_property
    def by_id(self) -> dict[str, Indicator]:
        """Each indicator by its id."""
        return {one.id: one for one in self.indicators}

    def theme(self, id: str) -> Theme:
        """A theme by its id; a KeyError for one that is not there."""
        return {one.id: one for one in self.themes}[id]
