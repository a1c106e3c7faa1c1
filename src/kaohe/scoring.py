"""From a plan and facts to results: points, totals, grades, ranks, pay, actions, statuses.

Every result is a column; a scorecard is one row of each. A result keeps the exact figure and the
reported one; what is withheld from an incomplete subject is withheld here and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from kaohe.columns import NONE, AnyColumn, Array, Column, Truth, Words
from kaohe.evaluating import Evaluator, incomplete, owed_items, owed_values
from kaohe.facts import Facts
from kaohe.plan import PEOPLE, Plan
from kaohe.scheme import Rounding

Value = Fraction | str | bool | None
ASSESSED = "assessed"
INCOMPLETE = "incomplete"


@dataclass(frozen=True)
class Scorecard:
    """One subject's results as reported; `exact` holds the figures before reporting."""

    subject: str
    name: str
    status: str
    reason: str | None = None
    form: str | None = None
    items: dict[str, Value] = field(default_factory=dict)
    total: Value = None
    grade: str | None = None
    rank: int | None = None
    of: int | None = None
    pay: dict[str, Value] = field(default_factory=dict)
    metrics: dict[str, Value] = field(default_factory=dict)
    actions: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    exact: dict[str, Value] = field(default_factory=dict)


class Results:
    """All results of one run, as columns; scorecards on demand."""

    def __init__(self, plan: Plan, facts: Facts, evaluator: Evaluator) -> None:
        self.plan = plan
        self.facts = facts
        self.evaluator = evaluator

    # --- columns ------------------------------------------------------------------------------

    @cached_property
    def assessed(self) -> Array:
        """Who gets a score."""
        return np.broadcast_to(self.evaluator.truth(["assessed"], PEOPLE).yes, (len(self.facts.subjects),))

    @cached_property
    def in_scheme(self) -> Array:
        """Who gets a result at all: everybody whose role the scheme assesses."""
        found = self.facts.frames[PEOPLE].columns["assessed"]
        assert isinstance(found, Truth)
        return found.yes

    @cached_property
    def owed(self) -> dict[str, Array]:
        """For each item who lacks it."""
        return owed_items(self.evaluator)

    @cached_property
    def incomplete(self) -> Array:
        """Who is assessed but lacks something."""
        return incomplete(self.evaluator)

    @cached_property
    def complete(self) -> Array:
        """Who has a total and all that follows."""
        return self.assessed & ~self.incomplete

    @cached_property
    def states(self) -> dict[str, Array]:
        """For each state of the scheme who is in it."""
        size = (len(self.facts.subjects),)
        truths = {name: self.evaluator.truth(["node", f"state.{name}"], PEOPLE) for name in self.plan.scheme.states}
        return {name: np.broadcast_to(truth.yes, size) for name, truth in truths.items()}

    @cached_property
    def status(self) -> Words:
        """Each subject's status: assessed, incomplete, or that of a state."""
        words = [ASSESSED, INCOMPLETE, *(state.status for state in self.plan.scheme.states.values())]
        codes = np.where(self.incomplete, 1, 0)
        for place, inside in enumerate(reversed(list(self.states.values()))):
            codes = np.where(inside, len(words) - 1 - place, codes)
        codes = np.where(self.in_scheme, codes, -1)
        vocabulary = tuple(dict.fromkeys(words))
        table = np.array([vocabulary.index(word) for word in words] + [-1])
        return Words(table[codes], vocabulary)

    def figure(self, id: str) -> AnyColumn:
        """The exact column of any figure of the plan."""
        return self.evaluator.node(id)

    @cached_property
    def items(self) -> dict[str, Column]:
        """Each item's reported column."""
        found = {}
        for name, item in self.plan.scheme.items.items():
            column = self.figure(f"item.{name}")
            assert isinstance(column, Column)
            found[name] = report(column, item.reported)
        return found

    @cached_property
    def total(self) -> Column | None:
        """The reported total; absent where it is withheld."""
        if self.plan.scheme.total is None:
            return None
        column = self.figure("total")
        assert isinstance(column, Column)
        return self._withheld(report(column, self.plan.scheme.total.reported))

    def _withheld(self, column: Column) -> Column:
        if self.complete.all():
            return column
        return column.remark(np.where(self.complete, 0, NONE).astype(np.uint8))

    @cached_property
    def grade(self) -> Words | None:
        """Each subject's grade, where the scheme shows one."""
        if self.plan.scheme.grades is None:
            return None
        grade = self.figure("grade")
        assert isinstance(grade, Words)
        return Words(np.where(self.complete, grade.codes, -1), grade.vocabulary)

    @cached_property
    def rank(self) -> Column | None:
        """Each subject's place."""
        if self.plan.scheme.rank is None:
            return None
        column = self.figure("rank")
        assert isinstance(column, Column)
        return self._withheld(column)

    @cached_property
    def pay(self) -> dict[str, Column]:
        """The reported pay lines of people."""
        return {name: self._withheld(self.pay_line(name, id)) for name, id, frame in self.plan.outputs["pay"] if frame == PEOPLE}

    def pay_line(self, name: str, id: str) -> Column:
        """A pay line as reported, for whatever it exists per."""
        assert self.plan.scheme.pay is not None
        column = self.figure(id)
        assert isinstance(column, Column)
        return report(column, self.plan.scheme.pay.round)

    @cached_property
    def actions(self) -> dict[str, Array]:
        """Which action is proposed for whom, replaced ones taken out."""
        found = {name: self._holds(f"action.{name}") for name in self.plan.scheme.actions}
        for name, action in self.plan.scheme.actions.items():
            replaced = [other for other in found if other != name] if "all" in action.instead_of else list(action.instead_of)
            for other in replaced:
                found[other] = found[other] & ~found[name]
        return found

    @cached_property
    def warnings(self) -> dict[str, Array]:
        """Which warning is told of whom."""
        return {name: self._holds(f"warning.{name}") & self.assessed for name in self.plan.scheme.warnings}

    def _holds(self, id: str) -> Array:
        truth = self.figure(id)
        assert isinstance(truth, Truth)
        return np.broadcast_to(truth.yes, (len(self.facts.subjects),)) & self.in_scheme

    def columns(self) -> dict[str, AnyColumn]:
        """Every result column of people by name."""
        found: dict[str, AnyColumn] = {"status": self.status, **{f"item.{name}": column for name, column in self.items.items()}}
        for name in ("total", "grade", "rank"):
            column = getattr(self, name)
            if column is not None:
                found[name] = column
        found |= {f"pay.{name}": column for name, column in self.pay.items()}
        found |= {f"action.{name}": Truth(holds) for name, holds in self.actions.items()}
        return found | {f"warning.{name}": Truth(holds) for name, holds in self.warnings.items()}

    # --- one subject --------------------------------------------------------------------------

    def subjects(self) -> list[str]:
        """Everybody with a result, units included, in order."""
        people = [subject for row, subject in enumerate(self.facts.subjects) if self.in_scheme[row]]
        return people + [member for unit in self._units() for member in self.facts.units[unit]]

    def _units(self) -> list[str]:
        return [name for name, unit in self.plan.scheme.units.items() if unit.results]

    def scorecard(self, subject: str) -> Scorecard:
        """One subject's results; a KeyError for somebody without any."""
        for unit in self._units():
            if subject in self.facts.units[unit]:
                return self._unit_card(unit, subject)
        row = self.facts.row_of(subject)
        if not self.in_scheme[row]:
            raise KeyError(subject)
        return self._person_card(subject, row)

    def _unit_card(self, unit: str, subject: str) -> Scorecard:
        row = self.facts.units[unit].index(subject)
        pay = {name: self.pay_line(name, id)[row] for name, id, frame in self.plan.outputs["pay"] if frame == unit}
        metrics = {name: _at(self.figure(id), row) for name, id, frame in self.plan.outputs["metrics"] if frame == unit}
        return Scorecard(subject, subject, ASSESSED, pay={name: value for name, value in pay.items() if value is not None}, metrics=metrics)

    def _person_card(self, subject: str, row: int) -> Scorecard:
        status = self.status[row] or ASSESSED
        state = next((name for name, inside in self.states.items() if inside[row]), None)
        assessed = state is None
        return Scorecard(
            subject=subject,
            name=self.facts.names[row],
            status=status,
            reason=state if status == "not_assessed" else None,
            form=self._form(row),
            items=self._items_of(row) if assessed else {},
            total=None if self.total is None else self.total[row],
            grade=self.grade[row] if self.grade is not None and self._shows_grade() else None,
            rank=_whole(None if self.rank is None else self.rank[row]),
            of=_whole(_at(self.figure("of"), row)) if self.rank is not None and self.complete[row] else None,
            pay=self._pay_of(row, state),
            metrics=self._metrics_of(row) if assessed else {},
            actions=[name for name, holds in self.actions.items() if holds[row]],
            warnings=[name for name, holds in self.warnings.items() if holds[row]],
            missing=self._missing(row) if assessed else [],
            exact=self._exact(row) if assessed else {},
        )

    def _shows_grade(self) -> bool:
        return self.plan.scheme.grades is not None and self.plan.scheme.grades.shown

    def _form(self, row: int) -> str | None:
        if "form" not in self.plan.nodes:
            return None
        form = self.figure("form")
        return form[row] if isinstance(form, Words) else None

    def form_items(self, row: int) -> list[str]:
        """The items of a person's form."""
        return list(self.plan.forms[self._form(row) or ""]["items"]) if self.plan.forms else []

    def _items_of(self, row: int) -> dict[str, Value]:
        """The items that can be shown: owed ones that are missing are left out, those without data are None."""
        lacking = [name for name, missing in self.owed.items() if missing[row]]
        return {name: self.items[name][row] for name in self.form_items(row) if name not in lacking}

    def _pay_of(self, row: int, state: str | None) -> dict[str, Value]:
        pay = {name: column[row] for name, column in self.pay.items() if column[row] is not None}
        if state is not None and self.plan.scheme.pay is not None:
            fixed = self.plan.scheme.states[state].pay
            pay |= {name: Fraction(amount) for name, amount in fixed.items()}
        return dict(pay)

    def _metrics_of(self, row: int) -> dict[str, Value]:
        return {name: _at(self.figure(id), row) for name, id, frame in self.plan.outputs["metrics"] if frame == PEOPLE}

    def _missing(self, row: int) -> list[str]:
        if not self.incomplete[row]:
            return []
        lacking = [name for name, missing in self.owed.items() if missing[row]]
        if lacking:
            return [name for name in self.plan.scheme.items if name in lacking]
        if self.plan.scheme.items:
            return [name for name in self.form_items(row) if self.items[name][row] is None]
        return [name for name, missing in owed_values(self.evaluator).items() if missing[row]]

    def _exact(self, row: int) -> dict[str, Value]:
        found: dict[str, Value] = {f"item.{name}": _at(self.figure(f"item.{name}"), row) for name in self.form_items(row)}
        if self.plan.scheme.total is not None and self.complete[row]:
            found["total"] = _at(self.figure("total"), row)
        if self.complete[row]:
            found |= {f"pay.{name}": _at(self.figure(id), row) for name, id, frame in self.plan.outputs["pay"] if frame == PEOPLE}
        return found


def score(plan: Plan, facts: Facts) -> Results:
    """All results of a plan over checked facts; every result column is computed."""
    results = Results(plan, facts, Evaluator(plan, facts))
    results.columns()
    return results


def report(column: Column, rounding: Rounding | None) -> Column:
    """A column as it is reported: rounded where the scheme says so, perhaps only where it has no end."""
    return column if rounding is None else column.round(rounding.to, rounding.half, rounding.only)


def _at(column: AnyColumn, row: int) -> Value:
    if isinstance(column, (Column, Truth, Words)):
        return column[row]
    raise TypeError(type(column))


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)
