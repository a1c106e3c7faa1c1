"""What the fields of an indicator, and the indicators of a library, must agree on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from kaohe.indicators.marking import MARKINGS, scoring_faults
from kaohe.indicators.model import PARTS, Indicator, Unit
from kaohe.indicators.problems import IndicatorFeedWrong, IndicatorFigureShared, IndicatorScoringWrong
from kaohe.problems import Place, Problem
from kaohe.texts import Text

PlaceOf = Callable[[Indicator], Place]


def check_indicator(indicator: Indicator, place: Place) -> Iterator[Problem]:
    """What is wrong with one indicator by itself."""
    rule = indicator.scored.rule
    needs = ", ".join(MARKINGS[rule].needs) or "-"
    for why_zh, why_en in scoring_faults(indicator):
        yield IndicatorScoringWrong(place, [indicator.id, rule], where=indicator.id, rule=rule, needs=needs, why_zh=why_zh, why_en=why_en)
    for why_zh, why_en in _feed_faults(indicator):
        yield IndicatorFeedWrong(place, [indicator.id], where=indicator.id, why_zh=why_zh, why_en=why_en)


def _feed_faults(indicator: Indicator) -> Iterator[tuple[str, str]]:
    if indicator.measured and indicator.entered_by is not None:
        yield "由度量供数，不能再写 entered_by", "is fed by a measure and cannot have entered_by too"
    if indicator.measured and indicator.parts and indicator.fed_by != PARTS:
        yield "由一个度量供数，不能再写 parts", "is fed by one measure and cannot have parts too"
    if not indicator.measured and indicator.entered_by is None:
        yield "由人填报，却没有说由谁填", "is entered by a person and does not say by whom"
    if not indicator.measured and indicator.unit == "ratio" and not indicator.parts:
        yield "是占比，要分开填报分子和分母", "is a share and must be entered as its two counts"
    if len(indicator.parts) != 2 and (indicator.parts or indicator.fed_by == PARTS):
        yield "的 parts 要有分子、分母两项", "must have two parts, the numerator and the denominator"


def check_shared(indicators: Iterable[Indicator], place_of: PlaceOf) -> Iterator[Problem]:
    """Figures that several indicators take, under one id, for different things."""
    first: dict[str, tuple[Indicator, tuple[Text, Unit]]] = {}
    for indicator in indicators:
        for id, figure in figures_of(indicator).items():
            other, known = first.setdefault(id, (indicator, figure))
            if known != figure:
                yield IndicatorFigureShared(place_of(indicator), [id, indicator.id], name=id, where=indicator.id, other=other.id)


def figures_of(indicator: Indicator) -> dict[str, tuple[Text, Unit]]:
    """The values that a scheme declares for an indicator: name and unit by id."""
    if indicator.parts:
        return {id: (part.name, part.unit) for id, part in indicator.parts.items()}
    return {indicator.value: (indicator.name, indicator.unit)}
