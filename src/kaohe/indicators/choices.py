"""The numbers of an indicator's rule: as choices of a scheme with their bounds, and as people say them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from kaohe.indicators.model import UNITS, Indicator, Unit
from kaohe.numbers import write_number
from kaohe.texts import Text

HOUR = 3600  # seconds
TOLD_IN_HOURS = 2 * HOUR  # from here on, whole hours are told as hours


@dataclass(frozen=True)
class Choice:
    """One entry of `config`: its id, what it may be, its usual value (None: the company's own), its name."""

    id: str
    bounds: str
    usual: str | None
    name: Text


@dataclass(frozen=True)
class Order:
    """How two choices must stand to each other, told under the id of the first."""

    about: str
    condition: str


def in_order(indicator: Indicator, better: Choice, worse: Choice) -> Order:
    """The better number on the better side of the worse one."""
    sign = ">" if indicator.direction == "higher" else "<"
    return Order(better.id, f"config.{better.id} {sign} config.{worse.id}")


def choice_of(indicator: Indicator, setting: str, bounds: str, name: Text, unit: Unit | None = None) -> Choice:
    """A setting of the indicator's rule as a choice, in the indicator's unit unless another is given."""
    value = setting_of(indicator, setting)
    usual = None if value is None else written(value, unit or indicator.unit)
    named = Text(f"{indicator.name.zh}：{name.zh}", f"{indicator.name.en}: {name.en}")
    return Choice(f"{indicator.id}_{setting}", f"{unit or indicator.unit} {bounds}", usual, named)


def setting_of(indicator: Indicator, setting: str) -> Fraction | None:
    """A setting's number; None where it is the company's to give."""
    value = indicator.scored.settings()[setting]
    return value if isinstance(value, Fraction) else None


def number_of(indicator: Indicator, setting: str) -> Fraction:
    """A setting that is never left to the company."""
    return setting_of(indicator, setting) or Fraction(0)


# --- bounds -----------------------------------------------------------------------------------------


def bounds_of(indicator: Indicator) -> str:
    """Bounds of a choice that is a value of the indicator's figure: the ends of that figure."""
    least, most = (None if end is None else written(end, indicator.unit) for end in indicator.ends())
    return f"{least}..{most or ''}" if least else f"up_to {most}"


def above_zero(indicator: Indicator) -> str:
    """The same for a choice by which something is divided."""
    _, most = indicator.ends()
    return "above 0" + ("" if most is None else f" up_to {written(most, indicator.unit)}")


# --- words ------------------------------------------------------------------------------------------


def written(value: Fraction, unit: Unit) -> str:
    """A number as a scheme writes it: shares in percent.

    >>> written(Fraction(19, 20), "ratio"), written(Fraction(30), "seconds")
    ('95%', '30')
    """
    return f"{write_number(value * 100)}%" if unit == "ratio" and value else write_number(value)


def told(indicator: Indicator, setting: str) -> Text:
    """A setting with its unit, for a sentence."""
    value = setting_of(indicator, setting)
    if value is None:
        return Text("公司目标", "the company's target")
    unit, shown = indicator.unit, value
    if unit == "seconds" and value >= TOLD_IN_HOURS and value % HOUR == 0:
        unit, shown = "hours", value / HOUR
    number = written(shown, unit)
    if unit in ("ratio", "number", "whole"):
        return Text(number, number)
    return Text(f"{number}{UNITS[unit].zh}", f"{number} {UNITS[unit].en}")


def spaced(text: str) -> str:
    """Chinese words and figures with a blank between them.

    >>> spaced("95%及以上得100分")
    '95% 及以上得 100 分'
    """
    return _SEAM.sub(" ", text)


_SEAM = re.compile(r"(?<=[0-9%])(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])(?=[0-9])")
