"""Tables of facts gathered from wherever they stand, made into one set of raw facts with all that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kaohe.fact_problems import SourceEmpty, SourceUnknown
from kaohe.facts import KINDS, Measured, RawFacts, Table
from kaohe.numbers import plain_text
from kaohe.plan import Plan
from kaohe.problems import NOWHERE, Place, Problem, Problems
from kaohe.scheme import Scheme
from kaohe.sources.grids import Grid
from kaohe.sources.headings import KINDS as TABLE_NAMES
from kaohe.sources.headings import TABLES, Lexicon, Vocabularies, names_of
from kaohe.sources.measured import MeasuredRows
from kaohe.sources.naming import settings_of, tables_of, tables_of_grid, with_type
from kaohe.texts import listed, nearest


@dataclass
class Gathering:
    """What has been found so far; `place` is the source as a whole."""

    plan: Plan | None = None
    place: Place = NOWHERE
    tables: dict[str, list[Table]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    measured: list[Table] = field(default_factory=list)
    span: dict[str, object] = field(default_factory=dict)
    config: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    fatal: list[Problem] = field(default_factory=list)
    recognised: bool = False

    @property
    def scheme(self) -> Scheme | None:
        """The scheme whose names are read, where there is one."""
        return None if self.plan is None else self.plan.scheme

    def kind_of(self, name: str) -> tuple[str, str | None] | None:
        """Which table a sheet or file holds, and of which event type; None where the name says nothing."""
        events = self._event_types()
        kinds = TABLE_NAMES.ids(name)
        if kinds:
            return kinds[0], None
        types = events.ids(name)
        return ("events", types[0]) if len(types) == 1 else None

    def _event_types(self) -> Lexicon:
        events = {} if self.scheme is None else self.scheme.events
        return Lexicon.of({kind: names_of(event.name) for kind, event in events.items()})

    def unknown(self, name: str, place: Place) -> None:
        """Tell of a sheet or file whose name is nearly that of a table; any other is none of ours."""
        known = [*TABLES, *(word for words in TABLES.values() for word in words)]
        guess = nearest(plain_text(name), known)
        if guess:
            self.problems.append(SourceUnknown(place, [name], found=name, guess=guess, known=listed(known, 40)))

    def reading(self, read: Callable[[], Grid]) -> Grid | None:
        """The grid that `read` gives; None where it cannot be read, which is told."""
        try:
            return read()
        except Problems as refused:
            self.fatal += refused.problems
            return None

    def add_grid(self, grid: Grid, kind: str, event: str | None = None) -> None:
        """Take in one sheet or file."""
        self._add(*tables_of_grid(grid, kind, self.scheme, event), kind, event)

    def add_table(self, table: Table, kind: str, event: str | None = None) -> None:
        """Take in one table that is held in memory."""
        self._add(*tables_of(table, kind, self.scheme, event), kind, event)

    def _add(self, tables: list[Table], problems: Iterable[Problem], kind: str, event: str | None) -> None:
        self.recognised = True
        table = tables[0]
        self.problems += problems
        if kind == "config":
            self.add_config(settings_of((table.row(row) for row in range(table.size)), self.scheme))
        elif kind == "period":
            self.span |= table.row(0) if table.size else {}
        elif kind == "measured":
            self.measured.append(table)
        else:
            self.tables[kind] += tables if event is None else [with_type(table, event)]

    def add_config(self, chosen: Mapping[str, Any]) -> None:
        """Take in choices of the company; keys by id or by name."""
        if self.scheme is None:
            self.config |= chosen
            return
        vocabularies = Vocabularies(self.scheme)
        for key, value in chosen.items():
            named = {vocabularies.parts().id(part): own for part, own in value.items()} if isinstance(value, Mapping) else value
            self.config[vocabularies.settings().id(key)] = named

    def facts(self) -> RawFacts:
        """The raw facts; Problems where a file could not be read, with everything else that was found."""
        if not self.recognised and not self.fatal:
            self.fatal.append(SourceEmpty(self.place, [self.place.file], known=listed(TABLES, 40)))
        references: dict[tuple[str, str], Measured] = {}
        start, end = self.span.get("start"), self.span.get("end")
        for table in self.measured:
            rows = MeasuredRows(table, start, end)
            self.problems += rows.problems
            self.tables["values"] += rows.tables()
            references |= rows.references
        if self.fatal:
            raise Problems([*self.fatal, *self.problems])
        as_of = self.span.get("as_of")
        return RawFacts(start, end, as_of, self.config, self.tables, self.place, references, tuple(self.problems))
