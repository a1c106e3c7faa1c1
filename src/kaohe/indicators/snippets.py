"""An indicator in the scheme language: what to paste under `config`, `values`, `must`, `figures` and `items`.

Nothing is decided silently: every number that scoring needs is a choice of `config` with the usual
number as default, and says so beside it; what has no usual number has no default.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from kaohe.indicators.choices import Choice, Order
from kaohe.indicators.marking import marks_of
from kaohe.indicators.model import DIRECTIONS, PERSPECTIVES, Cycle, Indicator
from kaohe.indicators.problems import NoCommonCycle, NothingToWeigh
from kaohe.numbers import terminates, write_number
from kaohe.problems import refuse
from kaohe.texts import Text, listed

SECTIONS = ("config", "values", "must", "figures", "items")
PERIODS: tuple[Cycle, ...] = ("month", "quarter", "half_year", "year", "week")  # those of schemes, the most usual first
USUAL = "# 通常值，请按本公司改 usual; put your own"
OPEN = "# 没有通常值，由本公司定 none is usual; give your own"
CLAUSE = "# 条款先写指标库的编号，请改成本公司制度的条号 clauses name the library; put your own document's"

Lines = dict[str, dict[str, str]]


def snippet(indicators: Iterable[Indicator]) -> str:
    """What to paste for these indicators; the items have no weights."""
    return f"{CLAUSE}\n{_sections(_lines(indicators, {}))}"


@dataclass(frozen=True)
class NewScheme:
    """What a new scheme of chosen indicators is called, and its period where it is said."""

    id: str
    name: Text
    period: Cycle | None = None


def compose(indicators: Iterable[Indicator], new: NewScheme) -> str:
    """A whole scheme of chosen indicators: equal weights that add up to exactly 100 %, watched ones without.

    Raises Problems where none of them gets points or where no one period suits them all.
    """
    chosen = list({one.id: one for one in indicators}.values())
    period = new.period or _common_cycle(chosen)
    weights = _weights(chosen)
    refuse(
        [
            *([] if weights else [NothingToWeigh(about=[one.id for one in chosen], known=listed(one.id for one in chosen))]),
            *([] if period else [NoCommonCycle(about=[one.id for one in chosen], cycles=_told_cycles(chosen))]),
        ]
    )
    head = {"scheme": new.id, "name": new.name.write(), "version": "1", "period": str(period)}
    begin = "".join(f"{key}: {_scalar(value)}\n" for key, value in head.items())
    total = {"is": "weighted sum", "clause": "指标库"}
    return f"{CLAUSE}\n{begin}\n{_sections(_lines(chosen, weights))}\ntotal:{_flow(total)}\n"


def _common_cycle(chosen: list[Indicator]) -> Cycle | None:
    return next((cycle for cycle in PERIODS if all(cycle in one.cycle for one in chosen)), None)


def _told_cycles(chosen: list[Indicator]) -> str:
    return listed(f"{one.id} {'/'.join(one.cycle)}" for one in chosen)


def _weights(chosen: list[Indicator]) -> dict[str, str]:
    """The same weight for each indicator that gets points: in percent where that has an end, else as a fraction."""
    scored = [one.id for one in chosen if not one.watched]
    if not scored:
        return {}
    each = Fraction(1, len(scored))
    return dict.fromkeys(scored, f"{write_number(100 * each)}%" if terminates(each) else write_number(each))


# --- what stands under each section ---------------------------------------------------------------


def _lines(indicators: Iterable[Indicator], weights: Mapping[str, str]) -> Lines:
    """Every entry of every section, by its id; what two indicators share stands once."""
    lines: Lines = {section: {} for section in SECTIONS}
    for indicator in indicators:
        marks = marks_of(indicator, _figure(indicator))
        for choice in marks.choices:
            lines["config"][choice.id] = _config(choice)
        lines["values"] |= dict(_values(indicator))
        lines["must"] |= dict(_must(indicator, marks.orders))
        lines["figures"] |= dict(_figures(indicator))
        lines["items"] |= {indicator.id: _block(_item(indicator, marks.body, weights))} if marks.body else {}
    return lines


def _sections(lines: Lines) -> str:
    return "\n".join(
        f"{section}:\n" + "".join(f"  {id}:{entry}\n" for id, entry in entries.items()) for section, entries in lines.items() if entries
    )


def _figure(indicator: Indicator) -> str:
    """How formulas name the indicator's figure."""
    return f"figure.{indicator.id}" if indicator.parts else f"value.{indicator.value}"


def _config(choice: Choice) -> str:
    default = "" if choice.usual is None else f" default {choice.usual}"
    return f"{_flow({'is': choice.bounds + default, 'name': choice.name.write()})}  {OPEN if choice.usual is None else USUAL}"


def _values(indicator: Indicator) -> Iterator[tuple[str, str]]:
    figures = {id: (f"{part.unit} 0..", part.name) for id, part in indicator.parts.items()}
    for id, (declared, name) in (figures or {indicator.value: (_declared(indicator), indicator.name)}).items():
        measure = {"measure": id} if indicator.measured else {}
        yield id, _flow({"is": declared, **measure, "name": name.write()})


def _declared(indicator: Indicator) -> str:
    """The kind and the ends of the indicator's value."""
    bounds = indicator.range or ("" if indicator.unit == "ratio" and not indicator.may_exceed else "0..")
    return f"{indicator.unit} {bounds}".strip()


def _must(indicator: Indicator, orders: Iterable[Order]) -> Iterator[tuple[str, str]]:
    """Choices that stand the right way round, and a part that is no more than its whole."""
    for order in orders:
        yield f"{order.about}_order", _flow({"is": order.condition, "about": order.about, "clause": _clause(indicator)})
    if indicator.parts and indicator.unit == "ratio" and not indicator.may_exceed:
        part, whole = indicator.parts
        yield f"{part}_of_{whole}", _flow({"is": f"{part} <= {whole}", "about": part, "clause": _clause(indicator)})


def _figures(indicator: Indicator) -> Iterator[tuple[str, str]]:
    """The quotient of two parts; a figure that is only watched, to be shown."""
    said = {"name": _scalar(indicator.name.write())}
    if indicator.parts:
        part, whole = (f"value.{id}" for id in indicator.parts)
        exceeds = ", may_exceed: yes" if indicator.may_exceed or indicator.unit != "ratio" else ""
        said["ratio"] = f"{{part: {part}, whole: {whole}, zero: none{exceeds}}}"
        said |= {} if indicator.unit in ("ratio", "whole") else {"unit": indicator.unit}
    else:
        said["is"] = _figure(indicator)
    said |= {"show": "yes"} if indicator.watched else {}
    if indicator.parts or indicator.watched:
        yield indicator.id, " {" + ", ".join(f"{key}: {value}" for key, value in {**said, "clause": _clause(indicator)}.items()) + "}"


def _item(indicator: Indicator, body: Mapping[str, str], weights: Mapping[str, str]) -> dict[str, str]:
    weight = {"weight": weights[indicator.id]} if indicator.id in weights else {}
    none = {} if indicator.scored.if_none == "missing" else {"if_none": indicator.scored.if_none}
    more = {"source": indicator.source.write(), "note": _note(indicator).write()}
    return {"name": indicator.name.write(), **weight, "clause": _clause(indicator), **body, **none, **more}


def _clause(indicator: Indicator) -> str:
    return f"指标库 {indicator.id}"


def _note(indicator: Indicator) -> Text:
    perspective, direction = PERSPECTIVES[indicator.perspective], DIRECTIONS[indicator.direction]
    return Text(f"{perspective.zh}类；{direction.zh}", f"{perspective.en} perspective; {direction.en}")


# --- YAML -----------------------------------------------------------------------------------------

_QUOTED = re.compile(r"[,\[\]{}]|: | #|:$|^[-?:|&*!%@`\"'>]")


def _scalar(text: str) -> str:
    """A text as it stands inside braces, in quotes where it needs them.

    >>> _scalar("weighted sum"), _scalar("min(1, 2)")
    ('weighted sum', '"min(1, 2)"')
    """
    if not _QUOTED.search(text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _flow(entry: Mapping[str, str]) -> str:
    """An entry in one line, with the blank that stands before it."""
    return " {" + ", ".join(f"{key}: {_scalar(value)}" for key, value in entry.items()) + "}"


def _block(entry: Mapping[str, str]) -> str:
    """An entry with a line for each of its keys."""
    return "".join(f"\n    {key}: {_scalar(value)}" for key, value in entry.items())
