"""Reading pay sheets: only for finance, HR and audit, each of her units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Count, QuerySet, Sum
from django.http import Http404

from kaohe_web.engine.schemes import outline_of
from kaohe_web.pay.checks import Check, checks_of, is_stale, rounds_on, unit_of
from kaohe_web.pay.models import PayEntry, PaySheet
from kaohe_web.pay.owing import owed_of, rounds_of, taken
from kaohe_web.people.models import Right, Unit
from kaohe_web.people.standing import Standing
from kaohe_web.results.models import Result, Run
from kaohe_web.rounds.models import Round
from kaohe_web.site.language import say

SEES = (Right.FINANCE, Right.HR, Right.AUDITOR)
FOLDED = 300  # with more rows than this, units are opened one at a time


def refuse_others(standing: Standing) -> None:
    """Pay does not exist for anybody else."""
    if not standing.has(*SEES):
        raise Http404


def sheets_for(standing: Standing) -> QuerySet[PaySheet]:
    """The pay sheets that the user may see, the newest first, each with its sum and how many stand on it."""
    refuse_others(standing)
    sheets = PaySheet.objects.select_related("unit", "by__person", "locked_by__person")
    units = standing.units(*SEES)
    found = sheets if units is None else sheets.filter(unit_id__in=units)
    return found.annotate(fen=Sum("entries__fen"), people=Count("entries__result__subject", distinct=True)).order_by("-id")


def sheet_for(standing: Standing, sheet_id: int) -> PaySheet:
    """A pay sheet that the user may see; else it is not there."""
    found = sheets_for(standing).filter(pk=sheet_id).first()
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class Waiting:
    """A unit's round with money that stands on no sheet yet."""

    round: Round
    people: int
    fen: int
    is_difference: bool
    is_taken: bool


def units_for(standing: Standing) -> list[Unit]:
    """The units for which the user may open a sheet."""
    units = standing.units(Right.FINANCE, Right.HR)
    return list(Unit.objects.all() if units is None else Unit.objects.filter(id__in=units))


def waiting_for(standing: Standing) -> list[Waiting]:
    """What published rounds still owe, of the user's units."""
    units = units_for(standing)
    mine = {unit.id for unit in units}
    roots = [unit for unit in units if unit.parent_id not in mine]
    rounds = {round.id: round for unit in roots for round in rounds_of(unit)}
    found = []
    for round in rounds.values():
        owed = owed_of(round)
        if owed:
            people = len({one.result.subject for one in owed})
            found.append(Waiting(round, people, sum(one.fen for one in owed), owed[0].kind == PayEntry.Kind.DIFFERENCE, taken(round)))
    return found


def openable(standing: Standing, waiting: Iterable[Waiting]) -> list[Unit]:
    """The units for which a sheet would hold something: those of rounds that wait, and the units above them, the smallest first."""
    units = {one.id: one for one in units_for(standing)}
    found: dict[int, Unit] = {}
    for one in waiting:
        unit = units.get(one.round.unit_id)
        while unit is not None and not one.is_taken:
            found[unit.id] = unit
            unit = units.get(unit.parent_id or 0)
    return list(found.values())


@dataclass
class Row:
    """One person on a sheet."""

    subject: str
    name: str
    unit: str
    role: object = ""
    total: str = ""
    grade: str = ""
    period: str = ""
    lines: dict[str, int] = field(default_factory=dict)
    due: int | None = None
    difference: int | None = None
    note: str = ""
    is_idle: bool = False

    @property
    def payable(self) -> int | None:
        """What is paid now, everything together."""
        return None if self.due is None and self.difference is None else (self.due or 0) + (self.difference or 0)


@dataclass
class Group:
    """A unit's rows with their sums."""

    name: str
    rows: list[Row] = field(default_factory=list)
    is_open: bool = True

    @property
    def paid(self) -> int:
        """How many are due something."""
        return sum(row.due is not None for row in self.rows)

    @property
    def grades(self) -> str:
        """How many have which grade."""
        return grades_of(self.rows)

    def line(self, key: str) -> int:
        """The sum of a pay line."""
        return sum(row.lines.get(key, 0) for row in self.rows)

    @property
    def lines(self) -> dict[str, int]:
        """The sums of all pay lines."""
        return {key: self.line(key) for row in self.rows for key in row.lines}

    @property
    def difference(self) -> int | None:
        """The sum of differences; None where there is none."""
        found = [row.difference for row in self.rows if row.difference is not None]
        return sum(found) if found else None

    @property
    def payable(self) -> int:
        """The sum to be paid."""
        return sum(row.payable or 0 for row in self.rows)


def grades_of(rows: Iterable[Row]) -> str:
    """Grades counted, in their order."""
    counts = Counter(row.grade for row in rows if row.grade and row.due is not None)
    return "  ".join(f"{grade} {count}" for grade, count in sorted(counts.items()))


@dataclass(frozen=True)
class Corrected:
    """A difference: the old figures and the new, what was paid and what is due."""

    result: Result
    before: Result | None
    line: object
    paid: int
    due: int
    fen: int


@dataclass
class Correction:
    """A corrected round on a sheet: which version, why, by whom, and everybody concerned."""

    run: Run
    people: list[Corrected] = field(default_factory=list)

    @property
    def paid(self) -> int:
        """What was paid before."""
        return sum(one.paid for one in self.people)

    @property
    def due(self) -> int:
        """What is due in all."""
        return sum(one.due for one in self.people)

    @property
    def fen(self) -> int:
        """The difference."""
        return sum(one.fen for one in self.people)

    @property
    def unchanged(self) -> int:
        """With how many no money changed."""
        return sum(one.fen == 0 for one in self.people)

    @property
    def runs(self) -> list[Run]:
        """This version and those between it and what was paid, each with its reason."""
        found, run = [self.run], self.run.replaces
        paid = min((one.before.run.version or 0 for one in self.people if one.before is not None), default=0)
        while run is not None and (run.version or 0) > max(paid, 1):
            found.append(run)
            run = run.replaces
        return found[::-1]


@dataclass
class SheetPage:
    """A pay sheet as its page shows it."""

    sheet: PaySheet
    rounds: list[Round]
    names: dict[str, object]
    groups: list[Group]
    whole: Group
    corrections: list[Correction]
    checks: list[Check]
    stale: bool
    units: list[str]
    grades: list[str]
    shown: Group

    @property
    def due(self) -> int:
        """What rounds pay for the first time."""
        return sum(row.due or 0 for row in self.whole.rows)

    @property
    def difference(self) -> int:
        """What corrections add or take."""
        return self.whole.difference or 0

    @property
    def payable(self) -> int:
        """What is paid in all."""
        return self.whole.payable

    @property
    def wrong(self) -> int:
        """How many checks do not hold."""
        return sum(not one.holds for one in self.checks)

    @property
    def paid(self) -> int:
        """How many are due something."""
        return self.whole.paid

    @property
    def idle(self) -> int:
        """How many are not."""
        return sum(row.is_idle for row in self.whole.rows)

    @property
    def versions(self) -> list[Run]:
        """The versions that the sheet rests on."""
        return list(Run.objects.filter(results__entries__sheet=self.sheet).distinct().defer("facts", "plan").order_by("id"))


def sheet_page(standing: Standing, sheet_id: int, asked: Mapping[str, str]) -> SheetPage:
    """A pay sheet: the equation, everybody by unit, differences, checks. Filters narrow the rows, never the sums above."""
    sheet = sheet_for(standing, sheet_id)
    rows = rows_of(sheet)
    shown = [row for row in rows if _fits(row, asked)]
    groups = [Group(unit, [row for row in shown if row.unit == unit]) for unit in dict.fromkeys(row.unit for row in shown)]
    for group in groups:
        group.is_open = len(shown) <= FOLDED
    names = {line: name for round in rounds_on(sheet) for line, name in outline_of(round.version.plan).pay}
    return SheetPage(
        sheet,
        rounds_on(sheet),
        {line: name for line, name in names.items() if any(line in row.lines for row in rows)},
        groups,
        Group("", rows),
        corrections_of(sheet),
        checks_of(sheet),
        is_stale(sheet),
        list(dict.fromkeys(row.unit for row in rows)),
        sorted({row.grade for row in rows if row.grade}),
        Group("", shown),
    )


def _fits(row: Row, asked: Mapping[str, str]) -> bool:
    name = asked.get("name", "").strip()
    only = asked.get("only", "")
    return (
        (not asked.get("unit") or row.unit == asked["unit"])
        and (not asked.get("grade") or row.grade == asked["grade"])
        and (not name or name in row.name or name in row.subject)
        and (only != "difference" or row.difference is not None)
        and (only != "idle" or row.is_idle)
    )


def rows_of(sheet: PaySheet) -> list[Row]:
    """Everybody on a sheet, and of rounds that it pays whoever is paid nothing, with the reason."""
    entries = sheet.entries.select_related("result__run__round__version", "result__participant__unit").order_by(
        "result__run__round__end", "id"
    )
    rows: dict[str, Row] = {}
    roles: dict[int, dict[str, object]] = {}
    paying = set()
    for entry in entries:
        row = rows.get(entry.result.subject)
        if row is None:
            row = rows[entry.result.subject] = _row(entry.result, roles)
        _add(row, entry, roles)
        if entry.kind == PayEntry.Kind.DUE:
            paying.add(entry.result.run_id)
    for result in Result.objects.filter(run_id__in=paying).select_related("run__round__version", "participant__unit"):
        if result.subject not in rows:
            rows[result.subject] = _idle(result, roles)
    return sorted(rows.values(), key=lambda row: (row.unit, row.subject))


def _row(result: Result, roles: dict[int, dict[str, object]]) -> Row:
    names = roles.setdefault(result.run_id, _roles(result))
    role = "" if result.participant is None else result.participant.role
    return Row(result.subject, result.name, unit_of(result), names.get(role, role))


def _roles(result: Result) -> dict[str, object]:
    outline = outline_of(result.run.round.version.plan)
    return {**dict(outline.roles), **dict(outline.rate_only)}


def _add(row: Row, entry: PayEntry, roles: dict[int, dict[str, object]]) -> None:
    if entry.kind == PayEntry.Kind.DUE:
        row.lines[entry.line] = row.lines.get(entry.line, 0) + entry.fen
        row.due = (row.due or 0) + entry.fen
        row.total, row.grade = entry.result.shown, entry.result.grade
        row.period = f"{entry.result.run.round.start} – {entry.result.run.round.end}"
        if (entry.result.run.version or 1) > 1:
            row.note = _joined(row.note, say(f"第{entry.result.run.version}版结果", f"version {entry.result.run.version}"))
        return
    row.difference = (row.difference or 0) + entry.fen
    row.grade = row.grade or entry.result.grade
    period = entry.result.run.round.name
    row.note = _joined(row.note, say(f"更正：{period}", f"corrected: {period}"))


def _joined(before: str, more: str) -> str:
    return more if not before else before if more in before else f"{before}{say('；', '; ')}{more}"


def _idle(result: Result, roles: dict[int, dict[str, object]]) -> Row:
    row = _row(result, roles)
    row.is_idle, row.note = True, say(result.why, result.why_en)
    row.grade = result.grade
    return row


def corrections_of(sheet: PaySheet) -> list[Correction]:
    """The differences on a sheet, round by round."""
    found: dict[int, Correction] = {}
    before: dict[int, dict[str, Result]] = {}
    entries = sheet.entries.filter(kind=PayEntry.Kind.DIFFERENCE).select_related(
        "result__run__round__version", "result__run__by__person", "result__run__replaces"
    )
    for entry in entries.order_by("result__run__round__end", "result__subject"):
        run = entry.result.run
        correction = found.setdefault(run.id, Correction(run))
        if run.id not in before:
            before[run.id] = _paid_by(run, sheet)
        name = dict(outline_of(run.round.version.plan).pay).get(entry.line, entry.line)
        old = before[run.id].get(entry.result.subject)
        correction.people.append(Corrected(entry.result, old, name, entry.paid, entry.due, entry.fen))
    return list(found.values())


def _paid_by(run: Run, sheet: PaySheet) -> dict[str, Result]:
    """The results that a round was last paid by, before this sheet."""
    entries = PayEntry.objects.filter(result__run__round=run.round_id, result__run__version__lt=run.version, sheet__locked_at__isnull=False)
    last = entries.exclude(sheet=sheet).order_by("-result__run__version").values_list("result__run_id", flat=True).first()
    return {result.subject: result for result in Result.objects.filter(run_id=last).select_related("run")}
