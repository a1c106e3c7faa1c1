"""Measures asked of a workspace: for every subject a whole numerator and denominator.

Measures over the same rows are answered by one query. A subject has a figure where it has a row of
that table in the period, whether or not any row was counted; who has none has no figure.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import compress
from typing import Literal

from kaohe.measuring.accounts import AccountUse
from kaohe.measuring.batching import batched_answers, batches_of
from kaohe.measuring.caching import FOLDER, cached_answers, can_be_cached
from kaohe.measuring.clocks import Period
from kaohe.measuring.definitions import Definitions, Measure
from kaohe.measuring.deriving.tables import Tables
from kaohe.measuring.engine import SETTINGS, Embedded, Engine, Settings, embedded
from kaohe.measuring.lending import lend_tables
from kaohe.measuring.opening import Progress, no_progress
from kaohe.measuring.plans import NO_VALUE, Plan, RowSet, compile_measures
from kaohe.measuring.problems import AccountNobodys, CacheWrong
from kaohe.measuring.queries import ROWS, Answers, Query, Reading, figures_query
from kaohe.measuring.rowsets import LOST, SUBJECT
from kaohe.measuring.workspace import Import, Workspace
from kaohe.problems import NOWHERE, Problem, Problems, refuse

Caching = Literal["off", "use", "verify"]


@dataclass(frozen=True)
class Figures:
    """One measure's figures: parallel columns, a place for each subject, subjects in sorted order.

    A figure is numerator / denominator, both whole; 0/0 says that there was nothing to measure.
    `counted` are the rows it was made of; `excluded` counts the rows left out, by reason.
    `without_subject` are the rows of the population that belong to nobody; `without_person` says
    how many of them are so, and not excluded, because their account is nobody's at their time.
    `unsettled` are the counted rows that late events may still change, where the measure settles
    after some days and the day as of which is measured was given.
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
    unsettled: tuple[int, ...] = ()

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

    `accounts` names, for each table whose rows have an account, the table of those accounts;
    `account_use` says, by the accounts' id, what one should know of their use in the period.
    """

    period: Period
    figures: tuple[Figures, ...]
    imports: tuple[Import, ...] = ()
    accounts: dict[str, str] = field(default_factory=dict)
    as_of: date | None = None
    account_use: dict[str, AccountUse] = field(default_factory=dict)

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
    as_of: date | None = None,
    cache: Caching = "off",
    settings: Settings = SETTINGS,
    progress: Progress = no_progress,
) -> Measured:
    """The figures of some measures, or of all, for every subject in a period.

    Raises Problems, all at once, for measures that cannot be right, tables of which nothing was
    imported, files imported under an older mapping, and sums beyond exact whole numbers.
    """
    tables = Tables(definitions, as_of=as_of)
    plans = compile_measures(tables, measures)
    used = _imports(workspace, definitions, plans)
    with embedded(workspace, definitions, settings) as engine:
        measured = _measured(engine, tables, period, plans, progress, None if cache == "off" else engine)
        if cache == "verify":
            _verify(workspace, measured, _measured(engine, tables, period, plans, progress))
    return replace(measured, imports=used)


def _verify(workspace: Workspace, cached: Measured, scanned: Measured) -> None:
    """Raise Problems where a figure of the cache differs from that of a full scan, and remove the cache."""
    wrong = [one.id for one, other in zip(cached.figures, scanned.figures, strict=True) if one != other]
    if wrong:
        shutil.rmtree(workspace.folder / FOLDER, ignore_errors=True)
        refuse([CacheWrong(about=wrong, measures=", ".join(wrong))])


def measure_on(
    engine: Engine,
    definitions: Definitions,
    period: Period,
    *,
    measures: Iterable[str] | None = None,
    as_of: date | None = None,
    progress: Progress = no_progress,
) -> Measured:
    """The same figures, from any engine that holds the tables."""
    tables = Tables(definitions, engine.dialect, as_of)
    return _measured(engine, tables, period, compile_measures(tables, measures), progress)


def _measured(
    engine: Engine, tables: Tables, period: Period, plans: Sequence[Plan], progress: Progress, cache: Embedded | None = None
) -> Measured:
    definitions = tables.definitions
    use = {id: book.during(period) for id, book in lend_tables(engine, tables, plans).items()}
    groups = _by_rows(plans)
    found: dict[str, Figures] = {}
    for done, group in enumerate(groups.values()):
        progress("measure", done, len(groups))
        found |= _group_figures(engine, tables, period, group, cache)
    progress("measure", len(groups), len(groups))
    accounts = {plan.rows.table: definitions.accounts[plan.rows.through].table for plan in plans if plan.rows.through}
    return Measured(period, tuple(found[plan.id] for plan in plans), (), accounts, tables.as_of, use)


def _group_figures(engine: Engine, tables: Tables, period: Period, group: Sequence[Plan], cache: Embedded | None) -> dict[str, Figures]:
    """The figures of measures that look at the same rows; from the cache as far as it can answer."""
    table = group[0].rows.table
    reference = f"{table}@{engine.version_of(*_sources(tables.definitions, group[0]))}"
    mergeable = [plan for plan in group if cache is not None and can_be_cached(tables, [plan])]
    found: dict[str, Figures] = {}
    kept = cached_answers(cache, tables, mergeable, period) if cache is not None and mergeable else None
    if kept:
        found = _figures(mergeable, *kept, reference)
    scanned = [plan for plan in group if plan.id not in found]
    return found | (_figures(scanned, *_scanned(engine, tables, scanned, period), reference) if scanned else {})


def _scanned(engine: Engine, tables: Tables, plans: Sequence[Plan], period: Period) -> tuple[Query, Answers]:
    """The answers of all rows: at once, or in batches where there are many and the answers can be merged."""
    table, one_row = plans[0].rows.table, plans[0].rows.one_row
    scope = tables.scope(table)
    if isinstance(engine, Embedded) and table in tables.definitions.sources and one_row is None:
        batches, query = batches_of(engine, engine.imports(table)), figures_query(plans, ROWS, scope, period)
        if len(batches) > 1 and query.mergeable:
            return query, batched_answers(engine, query, batches, table)
    query = figures_query(plans, tables.sql(table, engine.table), scope, period)
    return query, _answers(engine, query, table)


def _answers(engine: Engine, query: Query, table: str) -> Answers:
    """What the query gives, as columns; each tally's values come beside them."""
    columns = engine.columns(query.sql, query.columns, table)
    for tally in query.tallies:
        found = tally.found(engine.ask(tally.sql, table))
        columns[tally.name] = [found.get(subject) for subject in columns[SUBJECT]]
    return columns


def _imports(workspace: Workspace, definitions: Definitions, plans: Sequence[Plan]) -> tuple[Import, ...]:
    """The imports behind some plans; raises Problems, those of all tables at once."""
    sources: dict[str, tuple[Import, ...]] = {}
    problems: list[Problem] = []
    for table in dict.fromkeys(table for plan in plans for table in _sources(definitions, plan)):
        try:
            sources[table] = workspace.events_of(table, definitions)
        except Problems as found:
            problems += found
    refuse(problems)
    return tuple(one for table in sorted(sources) for one in sources[table])


def _sources(definitions: Definitions, plan: Plan) -> tuple[str, ...]:
    """The tables of events behind a plan, that of its accounts among them."""
    through = plan.rows.through
    return (*definitions.sources_of(plan.rows.table), *([definitions.accounts[through].table] if through else []))


def _by_rows(plans: Sequence[Plan]) -> dict[RowSet, list[Plan]]:
    groups: dict[RowSet, list[Plan]] = {}
    for plan in plans:
        groups.setdefault(plan.rows, []).append(plan)
    return groups


def _figures(plans: Sequence[Plan], query: Query, columns: Answers, reference: str) -> dict[str, Figures]:
    """Every plan's figures out of one query's answers; the rows without a subject are told apart."""
    owners = columns[SUBJECT]
    order = sorted((i for i, owner in enumerate(owners) if owner is not None), key=lambda i: str(owners[i]))
    owned = _picked(columns, order)
    nobody = _picked(columns, [i for i, owner in enumerate(owners) if owner is None])
    return {plan.id: _figures_of(plan, query.readings[plan.id], owned, nobody, reference) for plan in plans}


def _picked(columns: Answers, places: Sequence[int]) -> Answers:
    return {name: [values[i] for i in places] for name, values in columns.items()}


def _figures_of(plan: Plan, reading: Reading, columns: Answers, nobody: Answers, reference: str) -> Figures:
    inside = [count > 0 for count in reading.in_period.counts(columns)]
    undated = 0
    if not all(inside):
        undated = sum(compress(reading.population.counts(columns), (not one for one in inside)))
        columns = {name: list(compress(values, inside)) for name, values in columns.items()}
    tops, bottoms = reading.sides(columns)
    return Figures(
        plan.id,
        plan.measure,
        reference,
        subjects=tuple(map(str, columns[SUBJECT])),
        numerators=tuple(tops),
        denominators=tuple(bottoms),
        counted=tuple(reading.counted.counts(columns)),
        excluded={reason: tuple(number.counts(columns)) for reason, number in reading.excluded.items()},
        without_subject=sum(reading.population.counts(nobody)),
        without_time=undated,
        without_person=_by_account(reading, nobody) if plan.rows.through else {},
        unsettled=tuple(reading.unsettled.counts(columns)) if reading.unsettled else (),
    )


def _by_account(reading: Reading, nobody: Answers) -> dict[str, int]:
    """How many rows each account that is nobody's has, rows left out for another reason not among them."""
    valueless = reading.excluded[NO_VALUE].counts(nobody) if NO_VALUE in reading.excluded else [0] * len(nobody[SUBJECT])
    counts = zip(nobody[LOST], reading.counted.counts(nobody), valueless, strict=True)
    return {str(account): counted + lacking for account, counted, lacking in counts if account is not None and counted + lacking}
