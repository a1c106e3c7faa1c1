"""Who is appraised: the table of people, their roles and what the scheme looks at in them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from kaohe.checking.cells import Cells, read_cells, unknown_word
from kaohe.checking.inspection import Found, Inspection, earlier_of, is_among, words_of
from kaohe.columns import AnyColumn, Array, Truth, Words
from kaohe.compiling.outline import PERSON_COLUMNS
from kaohe.fact_problems import FactDuplicate, FactMissing
from kaohe.facts import Frame, Home, Table
from kaohe.plan import PEOPLE
from kaohe.scheme import Declared


@dataclass
class People:
    """The check of the people; leaves their frame behind, and the row of every id."""

    work: Inspection
    table: Table
    found: list[Found] = field(default_factory=list)

    def build(self) -> None:
        """Read every declared column of everybody to whom it applies."""
        work, table = self.work, self.table
        self._identities()
        roles = words_of(table.cells("role"))
        assessed = self._assessed(roles)
        size = table.size
        columns: dict[str, AnyColumn] = {
            "assessed": Truth(assessed),
            "person.id": Words.of(work.subjects),
            "person.name": Words.of(work.names),
            "person.role": roles,
        }
        for name, declared in work.scheme.people.items():
            whose = np.ones(size, dtype=bool) if declared.for_roles is None else is_among(roles, declared.for_roles)
            columns[f"person.{name}"] = self._column(name, declared, whose & (assessed | (declared.for_roles is not None))).column
        work.tell(self.found)
        everybody = np.arange(size)
        names = (*PERSON_COLUMNS, *work.scheme.people)
        homes: dict[str, tuple[Home, ...]] = {f"person.{name}": (Home(table, name, everybody),) for name in names}
        work.frames[PEOPLE] = Frame(size, columns, {}, table, homes=homes)

    def _identities(self) -> None:
        work, table = self.work, self.table
        ids, names = words_of(table.cells("id")), words_of(table.cells("name"))
        work.subjects = [f"#{row + 1}" if code < 0 else ids.vocabulary[code] for row, code in enumerate(ids.codes.tolist())]
        given = zip(work.subjects, names.codes.tolist(), strict=True)
        work.names = [subject if code < 0 else names.vocabulary[code] for subject, code in given]
        work.row_of = dict(zip(reversed(work.subjects), range(table.size - 1, -1, -1), strict=True))
        earlier = np.where(ids.codes < 0, -1, earlier_of(ids.codes))
        for row in np.flatnonzero((ids.codes < 0) | (earlier >= 0)).tolist():
            subject = work.subjects[row]
            if ids.codes[row] < 0:
                self.found.append((row, FactMissing(table.at(row, "id"), ["id"], what="people", column="id")))
                continue
            more = {"what": "people", "found": subject, "first": table.at(int(earlier[row])).tell("en")}
            self.found.append((row, FactDuplicate(table.at(row, "id"), [subject, "id"], **more)))

    def _assessed(self, roles: Words) -> Array:
        """Whose role is assessed; a role that the scheme refuses is a problem."""
        settings, table = self.work.scheme.roles, self.table
        if settings.assessed == "all":
            return np.ones(table.size, dtype=bool)
        assessed = is_among(roles, settings.assessed)
        if settings.others == "ignored":
            return assessed
        known = [*settings.assessed, *settings.rate_only]
        for row in np.flatnonzero(~is_among(roles, known)).tolist():
            subject, role = self.work.subjects[row], roles[row]
            if role is None:
                self.found.append((row, FactMissing(table.at(row, "role"), ["role", subject], what=subject, column="role")))
                continue
            kind, words = unknown_word(role, known)
            self.found.append((row, kind(table.at(row, "role"), [role, "role", subject], what=subject, column="role", **words)))
        return assessed

    def _column(self, name: str, declared: Declared, mine: Array) -> Cells:
        """One column, with what is wrong in the rows that it applies to."""
        table, cells = self.table, read_cells(self.table.cells(name), declared, self.work.vocabulary(declared))
        for row, kind, words in cells.faults:
            if mine[row]:
                subject = self.work.subjects[row]
                self.found.append((row, kind(table.at(row, name), [name, subject], what=subject, column=name, **words)))
        if not declared.optional and declared.default is None and declared.needed is None:
            for row in np.flatnonzero(cells.blank & mine).tolist():
                subject = self.work.subjects[row]
                self.found.append((row, FactMissing(table.at(row, name), [name, subject], what=subject, column=name)))
        return cells
