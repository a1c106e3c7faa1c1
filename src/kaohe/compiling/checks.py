"""What a compiled scheme is looked at for as a whole: one plain function for each way in which it cannot be right.

Each takes the scheme, its figures and a way to find lines, and yields problems; none changes anything.
Faults of a single formula or table are told where these are compiled.
"""

from __future__ import annotations

from collections.abc import Iterator

from kaohe.compiling.finished import Check, Finished
from kaohe.compiling.magnitudes import (
    bounds,
    costs,
    dates,
    defaults,
    edges,
    fed,
    knowledge,
    line_points,
    looked_up,
    roundings,
    scale,
    tables,
    weight_ranges,
    weights,
    windows,
)
from kaohe.compiling.references import (
    actions,
    asked_for,
    calls,
    choices,
    clauses,
    grade_columns,
    groups,
    ids,
    item_names,
    kinds,
    names,
    paid_states,
    parts,
    roles,
    sections,
    steps_in_order,
    units,
)
from kaohe.problems import Problem
from kaohe.scheme_problems import EdgeOutside, GradeUnreachable, ItemUnknown, TierUnreachable, WeightsSum

CHECKS: tuple[Check, ...] = (
    costs,
    dates,
    knowledge,
    names,
    clauses,
    ids,
    groups,
    parts,
    kinds,
    units,
    roles,
    grade_columns,
    actions,
    steps_in_order,
    paid_states,
    item_names,
    sections,
    asked_for,
    bounds,
    defaults,
    edges,
    tables,
    looked_up,
    line_points,
    roundings,
    windows,
    choices,
    scale,
    weights,
    weight_ranges,
    calls,
    fed,
)


def without_echoes(problems: list[Problem]) -> list[Problem]:
    """The problems without those that only follow from another one.

    A band beyond the figure's bounds is not told again as unreachable; where weights cannot be read or do not
    add up, nothing is said of sums or of grades out of reach.
    """
    outside = {problem.about for problem in problems if isinstance(problem, EdgeOutside)}
    unread = any("weight" in problem.about for problem in problems)
    misnamed = {problem.found["where"] for problem in problems if isinstance(problem, ItemUnknown)}
    unsummed = unread or any(isinstance(problem, WeightsSum) for problem in problems)

    def is_echo(problem: Problem) -> bool:
        if isinstance(problem, TierUnreachable):
            return any(set(problem.about) <= set(about) for about in outside)
        if isinstance(problem, WeightsSum):
            return unread or f"forms.{problem.found['form']}" in misnamed
        return unsummed and isinstance(problem, GradeUnreachable)

    return [problem for problem in problems if not is_echo(problem)]


def check_all(finished: Finished) -> Iterator[Problem]:
    """Every problem that any check finds."""
    for check in CHECKS:
        yield from check(finished)
