"""Facts that a scheme refuses, which its cases have to show: every condition broken, every bound passed, every word unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from kaohe.checking.rated import RatedItem, rated_items
from kaohe.numbers import parse_number
from kaohe.plan import Plan
from kaohe.problems import Problem
from kaohe.scheme import ConfigEntry, Declared
from tests.library.coverage.goal import shown


@dataclass(frozen=True)
class Refusal:
    """Facts that are refused, known by the problem that a case expects."""

    name: str
    seen: Callable[[Problem], bool]


def refusals_of(plan: Plan) -> Iterator[Refusal]:
    """Everything for which the scheme refuses facts."""
    for part in (_period, _roles, _musts, _choices, _people, _values, _events, _ratings):
        yield from part(plan)


def _about(problem: Problem, *names: str) -> bool:
    return all(name in problem.about for name in names)


def _period(plan: Plan) -> Iterator[Refusal]:
    if plan.scheme.period.checked:
        yield Refusal("period: another span is refused", lambda problem: problem.reason == "period")


def _roles(plan: Plan) -> Iterator[Refusal]:
    if plan.scheme.roles.assessed != "all" and plan.scheme.roles.others == "refused":
        yield Refusal("roles: another role is refused", lambda problem: _about(problem, "role") and problem.reason == "unknown")
    if plan.scheme.other_values == "refused":
        yield Refusal(
            "values: a column that is not declared is refused",
            lambda problem: problem.place.sheet == "values" and problem.reason in ("unknown", "not_allowed"),
        )


def _musts(plan: Plan) -> Iterator[Refusal]:
    for must in plan.musts:
        name = must["about"][-1]
        yield Refusal(f"must.{name}: broken", lambda problem, name=name: problem.code in CROSSED and name in problem.about)


CROSSED = ("F011", "F012", "F013", "F014", "F015")


# --- what the company chooses ---------------------------------------------------------------------


def _choices(plan: Plan) -> Iterator[Refusal]:
    for key, entry in plan.scheme.config.items():
        if entry.for_ is not None or entry.parts is not None:
            yield from _parts(plan, key, entry)
        elif entry.one_of is not None:
            yield Refusal(
                f"config.{key}: no such option", lambda problem, key=key: _about(problem, key) and problem.reason == "not_allowed"
            )
        else:
            yield from _bounds(
                f"config.{key}", entry, lambda problem, key=key: _about(problem, key) and problem.found.get("what") == "config"
            )
        if entry.default is None and entry.defaults is None and not entry.optional:
            yield Refusal(f"config.{key}: nothing chosen", lambda problem, key=key: _about(problem, key) and problem.reason == "missing")


def _parts(plan: Plan, key: str, entry: ConfigEntry) -> Iterator[Refusal]:
    if entry.sum is not None:
        yield Refusal(f"config.{key}: parts that do not add up", lambda problem: _about(problem, key) and problem.reason == "weights_sum")
    yield Refusal(f"config.{key}: a part that is not there", lambda problem: _about(problem, key) and problem.reason == "unknown")
    ranges = {item: plan.scheme.items[item].weight for item in plan.scheme.items} if entry.for_ is not None else {}
    for item, written in ranges.items():
        if written is not None and ".." in written:
            inside = Declared.model_validate(f"number {written}")
            yield from _bounds(f"config.{key}.{item}", inside, lambda problem, item=item: _about(problem, key, item))
    if not ranges:
        yield from _bounds(f"config.{key}", entry, lambda problem: _about(problem, key))
    for name, section in plan.scheme.sections.items():
        if entry.for_ is not None and section.weight is not None and ".." in section.weight:
            inside = Declared.model_validate(f"number {section.weight}")
            yield from _bounds(f"sections.{name}", inside, lambda problem, name=name: _about(problem, key, name))


# --- declared facts -------------------------------------------------------------------------------


def _people(plan: Plan) -> Iterator[Refusal]:
    for name, declared in plan.scheme.people.items():
        mine = _in_column("people", name)
        yield from _bounds(f"people.{name}", declared, mine)
        if not declared.optional and declared.default is None and declared.needed is None:
            yield Refusal(f"people.{name}: left blank", lambda problem, mine=mine: mine(problem) and problem.reason == "missing")


def _values(plan: Plan) -> Iterator[Refusal]:
    for name, declared in plan.scheme.values.items():
        yield from _bounds(f"values.{name}", declared, _in_column("values", name.rpartition(".")[2]))


def _events(plan: Plan) -> Iterator[Refusal]:
    for kind, event in plan.scheme.events.items():
        for name, declared in event.columns.items():
            yield from _of_column(kind, name, declared)
        if event.unfed == "refused":
            yield Refusal(
                f"events.{kind}: a record that no item takes",
                lambda problem, kind=kind: _about(problem, kind) and problem.reason == "not_allowed",
            )
        if event.one_per is not None:
            yield Refusal(
                f"events.{kind}: twice in one {event.one_per}",
                lambda problem, kind=kind: _about(problem, kind) and problem.reason == "duplicate",
            )
        if event.after:
            yield Refusal(
                f"events.{kind}: before its turn", lambda problem, kind=kind: _about(problem, kind) and problem.reason == "out_of_order"
            )


def _of_column(kind: str, name: str, declared: Declared) -> Iterator[Refusal]:
    place, column = f"events.{kind}.{name}", _in_column("events", name)

    def mine(problem: Problem) -> bool:
        return column(problem) and kind in problem.about

    yield from _bounds(place, declared, mine)
    if declared.refused:
        yield Refusal(f"{place}: written", lambda problem: mine(problem) and problem.reason == "not_allowed")
    elif declared.needed is not None or (not declared.optional and declared.default is None):
        yield Refusal(f"{place}: left blank", lambda problem: mine(problem) and problem.reason == "missing")


def _in_column(sheet: str, name: str) -> Callable[[Problem], bool]:
    return lambda problem: problem.place.sheet == sheet and problem.found.get("column") == name


def _bounds(name: str, declared: Declared, mine: Callable[[Problem], bool]) -> Iterator[Refusal]:
    """A number below its least and above its most, one that is not whole, a word that is not on the list."""
    if declared.low is not None:
        yield Refusal(f"{name}: below {shown(declared.low)}", lambda problem: mine(problem) and _passed(problem, declared, "low"))
    if declared.high is not None:
        yield Refusal(f"{name}: above {shown(declared.high)}", lambda problem: mine(problem) and _passed(problem, declared, "high"))
    if declared.whole:
        yield Refusal(f"{name}: not whole", lambda problem: mine(problem) and problem.reason == "not_whole")
    if declared.kind == "words":
        yield Refusal(f"{name}: a word that is not on the list", lambda problem: mine(problem) and problem.reason == "unknown")
    if declared.allowed is not None:
        yield Refusal(f"{name}: a number that is not on the list", lambda problem: mine(problem) and problem.reason == "not_allowed")
    if declared.steps is not None:
        yield Refusal(f"{name}: a number that is no level", lambda problem: mine(problem) and problem.reason == "out_of_range")


def _passed(problem: Problem, declared: Declared, side: str) -> bool:
    number = parse_number(problem.found.get("found"))
    if problem.reason != "out_of_range" or not isinstance(number, Fraction):
        return False
    if side == "low":
        return declared.low is not None and number <= declared.low
    return declared.high is not None and number >= declared.high


# --- ratings --------------------------------------------------------------------------------------


def _ratings(plan: Plan) -> Iterator[Refusal]:
    for item, by_form in rated_items(plan.scheme).items():
        for form, reading in by_form.items():
            yield from _of_rating(item, form, reading, by_form)


def _of_rating(item: str, form: str, reading: RatedItem, by_form: dict[str, RatedItem]) -> Iterator[Refusal]:
    """Scores that the rating does not allow, relations that may not rate; on forms only what they read otherwise."""
    name = f"rating.{item}" + (f"@{form}" if form else "")
    common = by_form.get("")

    def mine(problem: Problem) -> bool:
        return problem.place.sheet == "ratings" and item in problem.about

    if common is None or reading is common or reading.scale() != common.scale():
        yield from _bounds(name, reading.scale(), lambda problem: mine(problem) and "score" in problem.about)
    if reading.rating.raters != "any" and (common is None or reading is common or reading.rating.raters != common.rating.raters):
        yield Refusal(
            f"{name}: a relation that may not rate",
            lambda problem: mine(problem) and "relation" in problem.about and problem.reason in ("not_allowed", "missing"),
        )
    for voice in reading.rating.once_per:
        yield Refusal(f"{name}: a second rating by one {voice}", lambda problem: mine(problem) and problem.reason == "duplicate")
    if reading.rating.not_applicable == "allowed":
        yield Refusal(f"{name}: a score, and not applicable as well", lambda problem: mine(problem) and _about(problem, "not_applicable"))
    if reading.rating.per is not None:
        yield Refusal(f"{name}: no {reading.rating.per} named", lambda problem: mine(problem) and problem.reason == "missing")
