"""Reading a round's data and its imports: HR's to change, the auditor's to read, not there for anybody else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from kaohe_web.collect.models import Import, SetAside
from kaohe_web.engine.importing import (
    EXTRAS,
    LEFT_OUT,
    TAKEN,
    columns_named,
    declared_of,
    keys_of_units,
    roles_of_figures,
    tables_named,
    unit_names,
    units_of,
    words_of,
)
from kaohe_web.engine.row_words import names_of_columns
from kaohe_web.engine.schemes import Field, plan_of, record_kinds, value_fields
from kaohe_web.intake.comparing import people_of
from kaohe_web.intake.models import ImportedRow
from kaohe_web.people.models import Right
from kaohe_web.people.standing import Standing
from kaohe_web.results.models import Result
from kaohe_web.results.rows import rows_of
from kaohe_web.rounds.blockers import latest_preview
from kaohe_web.rounds.models import Participant, Round
from kaohe_web.rounds.queries import owed_by, round_for
from kaohe_web.rounds.stages import OPEN

PAGE = 50
MOST_MISSING = 20
HIDDEN = "•••"
Pair = tuple[str, str]
STATES: dict[str, tuple[str, str, str, str]] = {
    Import.State.PREVIEW: ("wait", "clock", "预览，还没有收入", "Preview, nothing taken in yet"),
    Import.State.WAITING: ("wait", "clock", "等待收入", "Waiting"),
    Import.State.RUNNING: ("wait", "clock", "正在收入", "Being taken in"),
    Import.State.DONE: ("ok", "done", "已收入", "Taken in"),
    Import.State.UNDONE: ("", "undo", "已撤销", "Undone"),
    Import.State.FAILED: ("bad", "wrong", "中断了", "Stopped"),
}
ORIGINS: dict[str, tuple[str, str, str, str]] = {
    "known": ("ok", "done", "认得的", "Known name"),
    "remembered": ("ok", "done", "记住的", "Remembered"),
    "chosen": ("ok", "done", "您选的", "Your choice"),
    "suggested": ("wait", "warn", "建议，请看一眼", "A guess: look"),
    "unclear": ("bad", "wrong", "可指几列，请选", "Unclear: choose"),
    "none": ("idle", "minus", "没有用到", "Not used"),
}


def data_round(standing: Standing, round_id: int) -> Round:
    """A round whose data the user may see; else it is not there."""
    found = round_for(standing, round_id)
    if not standing.covers(found.unit_id, Right.HR, Right.AUDITOR):
        raise Http404
    return found


def may_change(standing: Standing, round: Round) -> bool:
    """Whether the user may change the round's data now."""
    return round.stage in OPEN and standing.covers(round.unit_id, Right.HR)


def import_for(standing: Standing, round: Round, import_id: int) -> Import:
    """An import of a round."""
    found = round.imports.select_related("by__person", "round__version__scheme").filter(pk=import_id).first()
    if found is None:
        raise Http404
    return found


# --- what the round has ---------------------------------------------------------------------------


@dataclass
class Overview:
    """What a round has, from where, and what it lacks."""

    round: Round
    subjects: int
    values: int
    ratings: int
    owed: list[tuple[str, int, int]]
    kinds: list[tuple[Pair, int, int]]
    records: int
    imports: list[Import]
    open_rows: int
    states: dict[str, tuple[str, str, str, str]] = field(default_factory=lambda: STATES)
    missing: list[Result] = field(default_factory=list)
    missing_in_all: int = 0


def overview(round: Round) -> Overview:
    """Values, ratings and records by kind, imports with their counts, who lacks what by the last preview."""
    counted = dict(round.records.filter(withdrawn=False).values_list("kind").annotate(Count("id")).order_by())
    people = dict(round.records.filter(withdrawn=False).values_list("kind").annotate(Count("subject", distinct=True)).order_by())
    kinds = [((one.name.zh, one.name.en), counted.get(one.key, 0), people.get(one.key, 0)) for one in record_kinds(round.version.plan)]
    open_rows = Count("set_aside", filter=Q(set_aside__state=SetAside.State.OPEN))
    page = Overview(
        round,
        round.values.values("subject").distinct().count(),
        round.values.count(),
        round.ratings.filter(counts=True).count(),
        owed_by(round),
        kinds,
        sum(counted.values()),
        list(round.imports.select_related("by__person").annotate(open_rows=open_rows)[:PAGE]),
        problems_of(round).count(),
    )
    run = latest_preview(round)
    if run is not None:
        lacking = run.results.filter(status="incomplete").order_by("subject")
        page.missing, page.missing_in_all = list(lacking[:MOST_MISSING]), lacking.count()
    return page


# --- rows set aside -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """A set-aside row as a page shows it: whose, which column, what was written, what is wrong, how to mend it."""

    row: SetAside
    who: str
    column: Pair
    written: str
    told: Pair
    otherwise: Pair
    options: list[tuple[str, Pair]] = field(default_factory=list)
    kind: str = "text"
    value: str = ""
    cells: list[tuple[Pair, str]] = field(default_factory=list)

    @property
    def mends(self) -> bool:
        """Whether a cell may be written anew in place."""
        return bool(self.row.column) and not self.row.column.startswith("#")


def problems_of(round: Round, state: str = SetAside.State.OPEN) -> QuerySet[SetAside]:
    """The rows of a round's imports that were set aside."""
    rows = SetAside.objects.filter(source__round=round, state=state).exclude(source__state__in=(Import.State.UNDONE, Import.State.PREVIEW))
    return rows.select_related("source", "settled_by__person").order_by("source_id", "table", "row")


def told_rows(standing: Standing, round: Round, rows: list[SetAside]) -> list[Told]:
    """Set-aside rows with everything that a page needs; who rated is shown to HR only."""
    people = people_of(round)
    sees_raters = standing.covers(round.unit_id, Right.HR)
    return [_told_row(round, row, people, sees_raters) for row in rows]


def _told_row(round: Round, row: SetAside, people: dict[str, str], sees_raters: bool) -> Told:
    plan = plan_of(round.version.plan)
    kind = row.cells.get("type", "")
    table = f"events:{kind}" if row.table == "events" and kind in plan.scheme.events else row.table
    names = {column: (name.zh, name.en) for column, (name, _) in names_of_columns(plan, table).items()}
    names |= {column: (name.zh, name.en) for column, name in EXTRAS.items()}
    subject = row.cells.get("subject", "")
    column = names.get(row.column, (row.column, row.column))
    written = row.cells.get(row.column, row.cells.get("#written", ""))
    hidden = not sees_raters and row.column == "rater"
    options = [(word, (name.zh, name.en)) for word, name in words_of(round.version.plan, row.table, kind, row.column)]
    declared = declared_of(round.version.plan, row.table, kind, row.column)
    kind_of_cell = (
        "person"
        if row.column in ("subject", "rater")
        else "day"
        if row.column == "at" or (declared and declared.kind == "date")
        else "text"
    )
    cells = [
        (names.get(name, (name, name)), HIDDEN if name == "rater" and not sees_raters else text)
        for name, text in row.cells.items()
        if name[:1] != "#"
    ]
    return Told(
        row,
        people.get(subject, ""),
        column,
        HIDDEN if hidden else written,
        (row.told, row.told_en),
        _otherwise(row, people.get(subject, ""), plan.scheme.events[kind].name if kind in plan.scheme.events else None),
        options,
        kind_of_cell,
        row.cells.get("#guess", "") or ("" if written not in {word for word, _ in options} else written),
        cells,
    )


def _otherwise(row: SetAside, who: str, kind: object) -> Pair:
    """What it means to leave a row as it is."""
    if not who:
        return "不知道是谁的，谁也不计", "Nobody's: counts for nobody"
    if row.table == "events":
        name = (kind.zh, kind.en) if kind is not None else ("记录", "record")  # type: ignore[attr-defined]
        return f"{who}少1条“{name[0]}”", f"{who} has one “{name[1]}” fewer"
    if row.table == "ratings":
        return f"{who}少1个评分", f"{who} has one rating fewer"
    return f"{who}没有这些数", f"{who} lacks these figures"


# --- one import -----------------------------------------------------------------------------------


@dataclass
class Preview:
    """An import before and after it is taken: counts that add up, what its sheets mean, rows that do not count."""

    source: Import
    new: int
    same: int
    changed: int
    aside: int
    whom: int
    outside: int
    sheets: list[dict[str, Any]]
    refusals: list[dict[str, str]]
    tables: list[tuple[str, Pair]]
    same_rows: list[ImportedRow]
    outside_rows: list[ImportedRow]
    changed_rows: list[ImportedRow]
    people: dict[str, str]
    state: tuple[str, str, str, str]

    @property
    def going_in(self) -> int:
        """How many rows go in."""
        return self.new + self.changed

    @property
    def total(self) -> int:
        """All rows of the file."""
        return self.source.rows

    @property
    def is_unfinished(self) -> bool:
        """Whether taking in stopped, or may have: it goes on where it is."""
        return self.source.state in (Import.State.RUNNING, Import.State.FAILED)

    @property
    def measured(self) -> list[dict[str, Any]]:
        """How the figures were measured, where the file comes from raw events."""
        found: list[dict[str, Any]] = self.source.mapping.get("measured", [])
        return found

    @property
    def short_digest(self) -> str:
        """The beginning of what the file's content is known by."""
        return self.source.digest[:12]

    @property
    def mend_here(self) -> str:
        """Where a row of the preview is mended."""
        return f"/rounds/{self.source.round_id}/data/imports/{self.source.pk}/mend/"


def preview_of(source: Import, sees_raters: bool = True) -> Preview:
    """Everything on an import's page; what cells of ratings say is shown to HR only, since it tells who rated."""
    counts = dict(source.lines.values_list("kind").annotate(Count("id")).order_by())
    aside = source.set_aside.all()
    plan = source.round.version.plan
    return Preview(
        source,
        counts.get(ImportedRow.NEW, 0),
        counts.get(ImportedRow.SAME, 0),
        counts.get(ImportedRow.CHANGED, 0),
        aside.filter(state=SetAside.State.OPEN).count() if source.state != Import.State.PREVIEW else aside.count(),
        aside.exclude(subject="").values("subject").distinct().count(),
        source.lines.filter(counts=False).count(),
        [_shown_sheet(plan, sheet, sees_raters) for sheet in source.mapping.get("sheets", ())],
        source.mapping.get("refusals", []),
        [(table, (name.zh, name.en)) for table, name in tables_named(plan)],
        list(source.lines.filter(kind=ImportedRow.SAME).order_by("id")[:10]),
        list(source.lines.filter(counts=False).order_by("id")[:10]),
        list(source.lines.filter(kind=ImportedRow.CHANGED).order_by("id")[:10]),
        people_of(source.round),
        STATES[source.state],
    )


def _shown_sheet(plan: str, sheet: dict[str, Any], sees_raters: bool) -> dict[str, Any]:
    table = str(sheet["table"])
    hidden = {} if sees_raters or table != "ratings" else {"samples": [HIDDEN]}
    taken = table.partition(":")[0] in TAKEN
    columns = [(column, (name.zh, name.en)) for column, name in columns_named(plan, table)] if taken else []
    headings = [
        {**one, "origin": ORIGINS[one["origin"]], "name": _pair(one["name"]), "reading": _pair(one["reading"]), **hidden}
        for one in sheet["headings"]
    ]
    unused = sum(one["column"] == LEFT_OUT for one in headings)
    guessed = sum(one["origin"] == "suggested" for one in sheet["headings"])
    other = OTHER_TABLES.get(table, OTHER_TABLES[LEFT_OUT])
    return {**sheet, "taken": taken, "columns": columns, "headings": headings, "unused": unused, "guessed": guessed, "other": other}


def _pair(text: dict[str, str]) -> Pair:
    return text["zh"], text["en"]


OTHER_TABLES: dict[str, Pair] = {
    LEFT_OUT: ("不收入", "Left out"),
    "people": ("人员：以本轮名单为准，不从这里收入", "People: the round's list counts, not this sheet"),
    "period": ("考核周期：以本轮为准", "Period: the round's counts"),
    "config": ("方案设置：以本轮设置为准", "Settings: the round's count"),
    "history": ("往期结果：用系统里已公布的", "Earlier results: the published ones count"),
    "measured": ("度量值：请在“原始记录”里度量", "Measured figures: measure raw events instead"),
}


# --- the grid of values ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Column:
    """A figure's column."""

    key: str
    name: Pair
    reading: Pair


@dataclass(frozen=True)
class Cell:
    """A figure to write, and what is wrong with what was typed; shut where the scheme asks for none."""

    name: str
    text: str = ""
    wrong: Pair | None = None
    is_open: bool = True


@dataclass(frozen=True)
class GridRow:
    """Somebody's, or a unit's, figures."""

    subject: str
    name: str
    told: str
    cells: list[Cell]


@dataclass
class Grid:
    """Figures of a round, people down and keys across; units apart."""

    columns: list[Column]
    people: list[GridRow]
    unit_columns: list[Column]
    units: list[GridRow]


Kept = Mapping[tuple[str, str], str]
Wrong = Mapping[tuple[str, str], Pair]


def grid_of(round: Round, people: Sequence[Participant], typed: Kept | None = None, wrong: Wrong | None = None) -> Grid:
    """The grid with what is kept, or with what was typed and could not be kept."""
    held = {(one.subject, one.key): one.text for one in round.values.all()} | dict(typed or {})
    plan = round.version.plan
    fields, rows = value_fields(plan), rows_of(round)
    own, of_units = [one for one in fields if not one.of], list({one.key: one for one in fields if one.of}.values())
    keys = {unit: keys_of_units(plan, rows)[unit] for unit in units_of(plan, rows)}
    labels, roles = unit_names(plan), roles_of_figures(plan)

    def row(subject: str, name: str, told: str, asked: set[str], columns: Sequence[Field]) -> GridRow:
        cells = [
            Cell(f"cell.{one.key}.{subject}", held.get((subject, one.key), ""), (wrong or {}).get((subject, one.key)), one.key in asked)
            for one in columns
        ]
        return GridRow(subject, name, told, cells)

    return Grid(
        [Column(one.key, (one.name.zh, one.name.en), _reading(one)) for one in own],
        [
            row(one.person.number, one.person.name, one.unit.name, _of_role(own, roles, one.role, held, one.person.number), own)
            for one in people
        ],
        [Column(one.key, (one.name.zh, one.name.en), _reading(one)) for one in of_units],
        [row(unit, labels[unit].zh if unit in labels else unit, "", keys[unit], of_units) for unit in keys],
    )


def _of_role(fields: Sequence[Field], roles: Mapping[str, set[str]], role: str, held: Kept, subject: str) -> set[str]:
    """The figures that somebody of a role has; one that is written already is never shut."""
    return {one.key for one in fields if not roles[one.key] or role in roles[one.key] or (subject, one.key) in held}


def _reading(one: Field) -> Pair:
    """How a figure is written, and within which bounds."""
    zh, en = READINGS.get(one.kind, ("", ""))
    bounds = f"{one.low}–{one.high}" if one.high else f"≥ {one.low}" if one.low else ""
    return f"{zh} {bounds}".strip(), f"{en} {bounds}".strip()


READINGS: dict[str, Pair] = {
    "ratio": ("98.5% 或 0.985", "98.5% or 0.985"),
    "yuan": ("元", "yuan"),
    "points": ("分", "points"),
    "seconds": ("秒", "seconds"),
    "minutes": ("分钟", "minutes"),
    "hours": ("小时", "hours"),
    "days": ("天", "days"),
    "date": ("年-月-日", "year-month-day"),
    "yes_no": ("是/否", "yes/no"),
}
