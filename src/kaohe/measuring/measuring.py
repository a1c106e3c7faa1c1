"""Measures asked of a workspace: for every subject a whole numerator and denominator.

Measures over the same rows are answered by one query. A subject has a figure where it has a row of
that table in the period, whether or not any row was counted; who has none has no figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import compress

from kaohe.measuring.accounts import account_imports, lend_accounts
from kaohe.measuring.clocks import Period
from kaohe.measuring.conditions import Scope
from kaohe.measuring.definitions import Definitions, Measure
from kaohe.measuring.engine import SETTINGS, Row, Settings, ask, connected
from kaohe.measuring.opening import Progress, no_progress
from kaohe.measuring.plans import NO_VALUE, Plan, RowSet, compile_measures
from kaohe.measuring.problems import AccountNobodys
from kaohe.measuring.queries import Answers, Query, Reading, figures_query
from kaohe.measuring.workspace import Import, Workspace, table_version
from kaohe.problems import NOWHERE, Problem, Problems, refuse


@dataclass(frozen=True)
class Figures:
    """One measure's figures: parallel columns, a place for each subject, subjects in sorted order.

    A figure is numerator / denominator, both whole; 0/0 says that there was nothing to measure.
    `counted` are the rows it was made of; `excluded` counts the rows left out, by reason.
    `without_subject` are the rows of the population that belong to nobody; `without_person` says
    how many of them are so, and not excluded, because their account is nobody's at their time.
    """

    id: str
    measure: Measure
    rows: str
    subjects: tuple[str, ...]
    numerators: tuple[int, ...]
    denominators: tuple[int, ...]
    counted: tuple[int, ...]
    excluded: dict[str, tuple[int, ...]]
    without_subject: int = 0
    without_time: int = 0
    without_person: dict[str, int] = field(default_factory=dict)

    @cached_property
    def place(self) -> dict[str, int]:
        """Where in the columns each subject stands."""
        return {subject: i for i, subject in enumerate(self.subjects)}

    def pair(self, subject: str) -> tuple[int, int] | None:
        """A subject's numerator and denominator; None for a subject without a row in the period."""
        i = self.place.get(subject)
        return None if i is None else (self.numerators[i], self.denominators[i])

    def excluded_of(self, subject: str) -> dict[str, int]:
        """How many of a subject's rows were left out, by reason."""
        i = self.place.get(subject)
        return {} if i is None else {reason: counts[i] for reason, counts in self.excluded.items()}


@dataclass(frozen=True)
class Measured:
    """The figures of a period, and the rows that were set aside before they could count.

    `accounts` names, for each table whose rows have an account, the table of those accounts.
    """

    period: Period
    figures: tuple[Figures, ...]
    imports: tuple[Import, ...] = ()
    accounts: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, id: str) -> Figures:
        return next(figures for figures in self.figures if figures.id == id)

    def problems(self) -> tuple[Problem, ...]:
        """The open problems behind these figures: rows set aside, rows under accounts that are nobody's."""
        return (*(problem for one in self.imports for problem in one.problems()), *self._nobodys())

    def _nobodys(self) -> list[Problem]:
        """One problem an account and table, of the measure that has most of such rows."""
        most: dict[tuple[str, str], int] = {}
        for figures in self.figures:
            for account, count in figures.without_person.items():
                key = (figures.measure.table, account)
                most[key] = max(count, most.get(key, 0))
        return [
            AccountNobodys(NOWHERE, [account, table], account=account, table=table, count=count, accounts=self.accounts.get(table, ""))
            for (table, account), count in sorted(most.items())
        ]


def measure(
    workspace: Workspace,
    definitions: Definitions,
    period: Period,
    *,
    measures: Iterable[str] | None = None,
    settings: Settings = SETTINGS,
    progress: Progress = no_progress,
) -> Measured:
    """The figures of some measures, or of all, for every subject in a period.

    Raises Problems, all at once, for measures that cannot be right, tables of which nothing was
    imported, files imported under an older mapping, and sums beyond exact whole numbers.
    """
    plans = compile_measures(definitions, measures)
    sources = _sources(workspace, definitions, plans)
    groups = _by_rows(plans)
    found: dict[str, Figures] = {}
    with connected(workspace.folder, settings) as connection:
        lend_accounts(connection, workspace, definitions, plans)
        for done, group in enumerate(groups.values()):
            progress("measure", done, len(groups))
            table = group[0].rows.table
            query = figures_query(group, [workspace.path(one) for one in sources[table]], _scope(definitions, table), period)
            rows = ask(connection, query.sql, table)
            held = (*sources[table], *account_imports(workspace, definitions, group[0]))
            found |= _figures(group, query, rows, f"{table}@{table_version(held)}")
    progress("measure", len(groups), len(groups))
    used = tuple(one for table in sorted(sources) for one in sources[table])
    accounts = {plan.rows.table: definitions.accounts[plan.rows.through].table for plan in plans if plan.rows.through}
    return Measured(period, tuple(found[plan.id] for plan in plans), used, accounts)


def _sources(workspace: Workspace, definitions: Definitions, plans: Sequence[Plan]) -> dict[str, tuple[Import, ...]]:
    sources: dict[str, tuple[Import, ...]] = {}
    problems: list[Problem] = []
    tables = [plan.rows.table for plan in plans] + [definitions.accounts[plan.rows.through].table for plan in plans if plan.rows.through]
    for table in dict.fromkeys(tables):
        try:
            sources[table] = workspace.events_of(table, definitions)
        except Problems as found:
            problems += found
    refuse(problems)
    return sources


def _by_rows(plans: Sequence[Plan]) -> dict[RowSet, list[Plan]]:
    groups: dict[RowSet, list[Plan]] = {}
    for plan in plans:
        groups.setdefault(plan.rows, []).append(plan)
    return groups


def _scope(definitions: Definitions, table: str) -> Scope:
    return Scope(definitions.sources[table].columns, definitions.zone)


def _figures(plans: Sequence[Plan], query: Query, rows: list[Row], reference: str) -> dict[str, Figures]:
    """Every plan's figures out of one query's rows; the rows without a subject are told apart."""
    owned = sorted((row for row in rows if row[0] is not None), key=lambda row: str(row[0]))
    columns: Answers = list(zip(*owned, strict=True)) or [()] * query.width
    nobody: Answers = list(zip(*(row for row in rows if row[0] is None), strict=True)) or [()] * query.width
    return {plan.id: _figures_of(plan, query.readings[plan.id], columns, nobody, reference) for plan in plans}


def _figures_of(plan: Plan, reading: Reading, columns: Answers, nobody: Answers, reference: str) -> Figures:
    inside = [count > 0 for count in reading.in_period.counts(columns)]
    pairs = list(compress(reading.pairs(columns), inside))
    undated = compress(reading.population.counts(columns), (not one for one in inside))
    return Figures(
        plan.id,
        plan.measure,
        reference,
        subjects=tuple(str(subject) for subject in compress(columns[0], inside)),
        numerators=tuple(top for top, _ in pairs),
        denominators=tuple(bottom for _, bottom in pairs),
        counted=tuple(compress(reading.counted.counts(columns), inside)),
        excluded={reason: tuple(compress(number.counts(columns), inside)) for reason, number in reading.excluded.items()},
        without_subject=sum(reading.population.counts(nobody)),
        without_time=sum(undated),
        without_person=_by_account(reading, nobody) if plan.rows.through else {},
    )


def _by_account(reading: Reading, nobody: Answers) -> dict[str, int]:
    """How many rows each account that is nobody's has, rows left out for another reason not among them."""
    valueless = reading.excluded[NO_VALUE].counts(nobody) if NO_VALUE in reading.excluded else [0] * len(nobody[0])
    counts = zip(nobody[-1], reading.counted.counts(nobody), valueless, strict=True)
    return {str(account): counted + lacking for account, counted, lacking in counts if account is not None and counted + lacking}
