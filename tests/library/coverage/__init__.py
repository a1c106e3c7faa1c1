"""What a scheme's worked cases exercise of its rules, and what they leave out.

Every part of a compiled plan is a goal with a name: each band and each edge of a table, each grade,
each record, each party that rates, each side of a choice in a formula, each end that can hold a
figure, each absence, each state, line, action and warning, each choice of the company, and each
refusal. A case counts where it passes and writes, of the subject in whom the goal was met, a result
in which it shows; a refusal counts where it is the problem that the case expects.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kaohe.cases import Case, run_case
from kaohe.explaining.rows import RowReader
from kaohe.plan import HISTORY, PEOPLE, Node, Plan
from kaohe.problems import Problem
from kaohe.scoring import Results, Scorecard
from tests.library.coverage.figures import goals_of_figure
from tests.library.coverage.formulas import goals_of
from tests.library.coverage.goal import Goal, start
from tests.library.coverage.outcomes import Outcome, Shown, outcomes_of
from tests.library.coverage.refusals import Refusal, refusals_of
from tests.library.coverage.saying import keys_of, says, shown_in

BEFORE_ASSESSING = {"status", "reason", "actions"}  # what somebody has who is not assessed
AFTER_THE_TOTAL = ("total", "grade", "rank", "of", "pay.")


@dataclass
class Coverage:
    """The goals of one plan that no case has met yet."""

    plan: Plan
    figures: dict[str, list[Goal]] = field(init=False)
    conditions: list[tuple[dict[str, Any], list[Goal]]] = field(init=False)
    outcomes: list[Outcome] = field(init=False)
    refusals: list[Refusal] = field(init=False)
    shown: dict[str, set[str]] = field(init=False)
    total: int = field(init=False)

    def __post_init__(self) -> None:
        self.figures = {
            id: list({goal.name: goal for goal in goals_of_figure(self.plan, node)}.values()) for id, node in self.plan.nodes.items()
        }
        self.conditions = [(must, edges_of(self.plan, must)) for must in self.plan.musts]
        self.outcomes = list(outcomes_of(self.plan))
        self.refusals = list(refusals_of(self.plan))
        self.shown = shown_in(self.plan)
        self.total = len(self.lacking())

    def take(self, case: Case) -> None:
        """Strike out whatever a case exercises; a case that does not pass exercises nothing."""
        outcome = run_case(self.plan, case)
        if not outcome.passed:
            return
        if outcome.results is None:
            self._take_refusal(case, outcome.problems)
            return
        subjects = outcome.results.subjects()
        cards = tuple(outcome.results.scorecard(subject) for subject in case.expect if subject in subjects)
        shown = Shown(case, outcome.results, cards, {card.subject: keys_of(case.expect[card.subject] or {}) for card in cards})
        self.outcomes = [goal for goal in self.outcomes if not goal.seen(shown)]
        self._take_figures(shown)

    def lacking(self) -> list[str]:
        """The names of all that no case has exercised, in the order of the plan."""
        edges = [goals for _, goals in self.conditions]
        return [goal.name for goals in (*self.figures.values(), *edges, self.outcomes, self.refusals) for goal in goals]

    def _take_refusal(self, case: Case, problems: tuple[Problem, ...]) -> None:
        met = [problem for problem in problems if any(one.is_told([problem]) for one in case.expect_error or ())]
        self.refusals = [goal for goal in self.refusals if not any(goal.seen(problem) for problem in met)]

    def _take_figures(self, shown: Shown) -> None:
        reader = RowReader(shown.results.evaluator)
        self.conditions = [(must, [goal for goal in goals if not met_anywhere(reader, must, goal)]) for must, goals in self.conditions]
        for id, goals in self.figures.items():
            if goals:
                rows = rows_written_of(reader, shown, self.plan.nodes[id], self.shown[id])
                self.figures[id] = [goal for goal in goals if not any(goal.seen(reader, row) for row in rows)]


def edges_of(plan: Plan, must: dict[str, Any]) -> list[Goal]:
    """The edges of a condition on facts: facts that lie exactly on each are taken."""
    found = goals_of(start(plan, must["tree"], must["frame"]))
    return [Goal(f"must.{must['about'][-1]}: {goal.name}", goal.seen) for goal in found if goal.name.endswith("with both sides equal")]


def met_anywhere(reader: RowReader, must: dict[str, Any], goal: Goal) -> bool:
    """Whether some row of the facts that were taken meets the goal."""
    return any(goal.seen(reader, row) for row in range(reader.evaluator.size(must["frame"])))


def rows_written_of(reader: RowReader, case: Shown, node: Node, shown: set[str]) -> list[int]:
    """The rows of a figure that belong to subjects of whom the case writes something in which the figure shows."""
    results, cards, written = case.results, case.cards, case.written
    facts, frame = results.facts, node.frame
    everybody = set().union(*written.values())
    if frame in facts.units:
        return list(range(results.evaluator.size(frame))) if everybody & shown else []
    mine = [card for card in cards if card.subject in facts._rows and (shown <= BEFORE_ASSESSING or _counts(results, node, card))]
    people = {facts.row_of(card.subject): written[card.subject] for card in mine}
    if frame == PEOPLE:
        return [row for row, keys in people.items() if says(reader, node, row, keys, shown)]
    base = frame.partition("/")[0] if "/" in frame else PEOPLE if frame == HISTORY else frame.partition(".")[2]
    parents = results.evaluator.links(frame, base).parent.tolist()
    return [row for row, parent in enumerate(parents) if (people.get(parent, set()) if base == PEOPLE else everybody) & shown]


def _counts(results: Results, node: Node, card: Scorecard) -> bool:
    """Whether the figure is one of the subject's: of an item on the form, of the total only where there is one."""
    row = results.facts.row_of(card.subject)
    if node.id == "form" or node.id.startswith("state."):
        return True
    if node.id.startswith(AFTER_THE_TOTAL):
        return bool(results.complete[row])
    item = node.id.removeprefix("item.").split("@")[0].split(".")[0]
    on_form = item not in results.plan.scheme.items or not node.id.startswith("item.") or item in results.form_items(row)
    return bool(results.assessed[row]) and on_form and _reads_so(results, node, card)


def _reads_so(results: Results, node: Node, card: Scorecard) -> bool:
    """Whether a reading of an item is that of the subject's own form."""
    forms = node.id.partition("@")[2].split(".")[0]
    return not forms or node.rule == "pick@1" or card.form in forms.split("+")


def coverage_of(plan: Plan, cases: list[Case]) -> Coverage:
    """What these cases leave of the plan."""
    coverage = Coverage(plan)
    for case in cases:
        coverage.take(case)
    return coverage
