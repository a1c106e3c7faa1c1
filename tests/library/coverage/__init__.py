"""What a scheme's worked cases exercise of its rules, and what they leave out.

Every part of a compiled plan is a goal with a name: each band and each edge of a table, each grade,
each record, each party that rates, each side of a choice in a formula, each end that can hold a
figure, each absence, each state, line, action and warning, each choice of the company, and each
refusal. A case counts where it passes and writes something of the subject in whom the goal was met;
a refusal counts where it is the problem that the case expects.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from kaohe.cases import Case, run_case
from kaohe.explaining.rows import RowReader
from kaohe.plan import HISTORY, PEOPLE, Node, Plan
from kaohe.problems import Problem
from kaohe.scoring import Results, Scorecard
from tests.library.coverage.figures import goals_of_figure
from tests.library.coverage.goal import Goal
from tests.library.coverage.outcomes import Outcome, Shown, outcomes_of
from tests.library.coverage.refusals import Refusal, refusals_of

BEFORE_ASSESSING = ("state.", "action.", "form")
AFTER_THE_TOTAL = ("total", "grade", "rank", "of", "pay.")


@dataclass
class Coverage:
    """The goals of one plan that no case has met yet."""

    plan: Plan
    figures: dict[str, list[Goal]] = field(init=False)
    outcomes: list[Outcome] = field(init=False)
    refusals: list[Refusal] = field(init=False)
    total: int = field(init=False)

    def __post_init__(self) -> None:
        self.figures = {
            id: list({goal.name: goal for goal in goals_of_figure(self.plan, node)}.values()) for id, node in self.plan.nodes.items()
        }
        self.outcomes = list(outcomes_of(self.plan))
        self.refusals = list(refusals_of(self.plan))
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
        shown = Shown(case, outcome.results, cards)
        self.outcomes = [goal for goal in self.outcomes if not goal.seen(shown)]
        self._take_figures(outcome.results, cards)

    def lacking(self) -> list[str]:
        """The names of all that no case has exercised, in the order of the plan."""
        return [goal.name for goals in (*self.figures.values(), self.outcomes, self.refusals) for goal in goals]

    def _take_refusal(self, case: Case, problems: tuple[Problem, ...]) -> None:
        met = [problem for problem in problems if any(one.is_told([problem]) for one in case.expect_error or ())]
        self.refusals = [goal for goal in self.refusals if not any(goal.seen(problem) for problem in met)]

    def _take_figures(self, results: Results, cards: tuple[Scorecard, ...]) -> None:
        reader = RowReader(results.evaluator)
        for id, goals in self.figures.items():
            if goals:
                rows = rows_written_of(results, self.plan.nodes[id], cards)
                self.figures[id] = [goal for goal in goals if not any(goal.seen(reader, row) for row in rows)]


def rows_written_of(results: Results, node: Node, cards: tuple[Scorecard, ...]) -> list[int]:
    """The rows of a figure that belong to subjects of whom the case writes something, and in whose result the figure is."""
    facts, frame = results.facts, node.frame
    people = [facts.row_of(card.subject) for card in cards if card.subject in facts._rows and _counts(results, node, card)]
    if frame == PEOPLE:
        return people
    if frame in facts.units:
        return list(range(results.evaluator.size(frame))) if cards else []
    base = frame.partition("/")[0] if "/" in frame else PEOPLE if frame == HISTORY else frame.partition(".")[2]
    parents = results.evaluator.links(frame, base).parent.tolist()
    return [row for row, parent in enumerate(parents) if (parent in people if base == PEOPLE else bool(cards))]


def _counts(results: Results, node: Node, card: Scorecard) -> bool:
    """Whether the figure is one of the subject's: of an item on the form, of the total only where there is one."""
    row = results.facts.row_of(card.subject)
    if node.id.startswith(BEFORE_ASSESSING):
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
