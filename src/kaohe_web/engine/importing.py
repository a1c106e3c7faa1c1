"""Files of facts on their way into a round: what their sheets and headings mean, each row's cells, and what is wrong with which row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from kaohe.checking import check_facts
from kaohe.fact_problems import FactNotAllowed, FactUnknown, HeadingUnclear, SourceUnreadable
from kaohe.facts import RawFacts, Table, is_blank
from kaohe.numbers import parse_date, parse_number, plain_text
from kaohe.plan import Plan
from kaohe.problems import Place, Problem, Problems
from kaohe.scheme import Declared
from kaohe.sources.bounds import Limits
from kaohe.sources.delimited import read_delimited
from kaohe.sources.grids import Grid
from kaohe.sources.headings import KINDS, STRUCTURE, Vocabularies, declared_columns, folded, heading_lexicon
from kaohe.sources.naming import in_ids, tables_of_grid
from kaohe.sources.workbooks import read_workbook
from kaohe.texts import Text, listed
from kaohe_web.engine.facts import NUMBER, Rows
from kaohe_web.engine.row_words import Fault, fault_of, names_of_columns
from kaohe_web.engine.schemes import plan_of
from kaohe_web.engine.telling import Told, told_of

LIMITS = Limits(text_bytes=32 << 20, rows=50_000, cells=2_000_000)
MOST_BYTES = 20 << 20
LEFT_OUT = "-"
SET_ASIDE, RECORD_NUMBER, REMARK = "#set_aside", "#number", "#note"
EXTRAS: dict[str, Text] = {
    SET_ASIDE: Text("搁置编号", "Set-aside no."),
    RECORD_NUMBER: Text("记录编号", "Record no."),
    REMARK: Text("备注", "Remark"),
}
TAKEN = ("values", "ratings", "events")
NOTHING = Text("", "")
KEPT = Text("只存档，不计分", "kept, not scored")
TABLE_NAMES = {
    "values": Text("数值", "Values"),
    "ratings": Text("评分", "Ratings"),
    "events": Text("记录（类型写在一列里）", "Records (the kind in a column)"),
}
NEEDED = {"values": ("subject",), "ratings": ("item", "subject", "rater", "score"), "events": ("subject",)}

# Headings that exports of ticket and phone systems use: offered, never taken for granted without being shown.
ALIKE: dict[str, tuple[str, ...]] = {
    "subject": ("工号", "员工工号", "员工编号", "客服工号", "坐席工号", "坐席", "客服", "员工", "姓名", "员工姓名", "客服姓名", "编号", "Agent", "Employee", "Staff no", "Name"),
    "rater": ("评分人工号", "评价人", "质检员", "Rated by", "Reviewer"),
    "score": ("评分", "评分值", "Points"),
    "at": ("时间", "发生时间", "回访日期", "创建时间", "日期时间", "Day", "Time", "Created at"),
    RECORD_NUMBER: ("编号", "流水号", "单号", "工单号", "回访编号", "问卷编号", "记录号", "Ticket", "Ticket no", "Reference"),
    REMARK: ("说明", "客户原话", "描述", "Comment", "Comments", "Description"),
}  # fmt: skip
_DIGITS = re.compile(r"[\d_\-. （）()]+|[Qq]\d")


@dataclass(frozen=True)
class Choices:
    """What somebody said about a file, or about an earlier one of the scheme: sheets, headings, mended cells."""

    tables: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    mends: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    remembered: Mapping[tuple[str, str], str] = field(default_factory=dict)


@dataclass(frozen=True)
class Heading:
    """A heading and what it became; `origin` says why."""

    text: str
    column: str
    origin: str
    samples: tuple[str, ...]
    filled: int
    name: Text = NOTHING
    reading: Text = NOTHING


@dataclass(frozen=True)
class Sheet:
    """One sheet of a file: which table it holds, and its headings."""

    name: str
    table: str
    origin: str
    rows: int
    headings: tuple[Heading, ...] = ()

    @property
    def is_taken(self) -> bool:
        """Whether its rows go in."""
        return self.table.partition(":")[0] in TAKEN


@dataclass(frozen=True)
class Line:
    """One row of a file, its cells as text under the ids of their columns."""

    sheet: str
    row: int
    table: str
    cells: dict[str, str]
    number: str = ""
    note: str = ""
    set_aside: str = ""

    @property
    def at(self) -> str:
        """The key under which mended cells of the row are kept."""
        return f"{self.sheet}|{self.row}"

    @property
    def kind(self) -> str:
        """The kind of a record."""
        return self.cells.get("type", "")


@dataclass
class Reading:
    """A file as it was understood: its sheets, its rows, and what is wrong with rows or with the whole."""

    sheets: list[Sheet] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    faults: dict[tuple[str, int], Fault] = field(default_factory=dict)
    refusals: list[Told] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows of the file are data of the round."""
        return len(self.lines)


# --- the file -------------------------------------------------------------------------------------


def kind_of_file(head: bytes) -> str:
    """The ending that a file's first bytes deserve, whatever its name says; nothing for what is neither workbook nor text."""
    if head.startswith(b"PK\x03\x04"):
        return ".xlsx"
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return ".csv"
    return "" if not head or b"\0" in head or head.startswith((b"\xd0\xcf\x11\xe0", b"%PDF")) else ".csv"


def read_file(written: str, path: Path, name: str, choices: Choices, people: Mapping[str, str]) -> Reading:
    """A file of facts as the scheme's names and earlier choices read it. `people` are the round's names by number."""
    plan, reading = plan_of(written), Reading()
    try:
        grids = _grids(path, name)
    except Problems as refused:
        reading.refusals += told_of(refused.problems)
        return reading
    for sheet, grid in grids.items():
        _read_sheet(plan, sheet, grid, choices, people, reading)
    if not reading.refusals and not any(sheet.is_taken for sheet in reading.sheets):
        why = ("没有一张表对得上数值、评分或记录", "no sheet holds values, ratings or records")
        reading.refusals += told_of([SourceUnreadable(Place(file=name), [], why_zh=why[0], why_en=why[1])])
    return reading


def _grids(path: Path, name: str) -> dict[str, Grid]:
    """The sheets of a workbook, or a text file as one sheet by its own name."""
    if path.suffix == ".xlsx":
        return read_workbook(path, LIMITS)
    grid = read_delimited(path, LIMITS)
    stem = Path(name).stem
    return {stem: replace(grid, place=Place(file=name, sheet=stem))}


def _read_sheet(plan: Plan, name: str, grid: Grid, choices: Choices, people: Mapping[str, str], reading: Reading) -> None:
    table, origin = _table_of(plan, name, grid, choices)
    kind, _, event = table.partition(":")
    if kind not in TAKEN:
        reading.sheets.append(Sheet(name, table, origin, grid.size))
        return
    headings = [_heading(plan, table, name, text, cells, choices) for text, cells in zip(grid.headings, grid.columns, strict=True)]
    headings = _first_of_each(headings)
    reading.sheets.append(Sheet(name, table, origin, grid.size, tuple(headings)))
    unclear = [one for one in headings if one.origin == "unclear"]
    reading.refusals += told_of(_unclear(plan, table, grid, one) for one in unclear)
    missing = _missing(table, {one.column for one in headings})
    if missing:
        reading.refusals.append(_lacks(plan, table, name, missing))
        return
    lines, problems = _lines(plan, kind, event, name, grid, headings, choices, people)
    reading.lines += lines
    originals = {one.column: one.text for one in headings}
    for problem in problems:
        if problem.place.row is None or problem.place.row == 1:
            reading.refusals += told_of([problem])
        else:
            found = fault_of(plan, problem, None, originals)
            reading.faults.setdefault((name, problem.place.row), found)


# --- which table, which column --------------------------------------------------------------------


def _table_of(plan: Plan, name: str, grid: Grid, choices: Choices) -> tuple[str, str]:
    """The table that a sheet holds, and why it is thought so."""
    if name in choices.tables:
        return choices.tables[name], "chosen"
    if known := choices.remembered.get(("", sheet_key(name))):
        return known, "remembered"
    kinds = KINDS.ids(name)
    if kinds:
        return kinds[0], "known"
    events = [
        kind for kind, event in plan.scheme.events.items() if folded(name) in {folded(kind), folded(event.name.zh), folded(event.name.en)}
    ]
    if len(events) == 1:
        return f"events:{events[0]}", "known"
    guess = _guess_table(plan, grid)
    return (guess, "suggested") if guess else (LEFT_OUT, "none")


def sheet_key(name: str) -> str:
    """A sheet's or file's name without what changes from period to period."""
    return _DIGITS.sub("", folded(name))[:100]


def _guess_table(plan: Plan, grid: Grid) -> str:
    """The table whose columns most of the headings name; nothing where two are as likely."""
    scores = {table: _fit(plan, table, grid) for table in tables_to_choose(plan)}
    best = max(scores.values(), default=0)
    found = [table for table, score in scores.items() if score == best]
    return found[0] if best > 1 and len(found) == 1 else ""


def _fit(plan: Plan, table: str, grid: Grid) -> int:
    found = {_known(plan, table, heading) or _alike(table, heading) for heading in grid.headings} - {""}
    return 0 if _missing(table, found) else len({column for column in found if not column.startswith("#")})


def tables_to_choose(plan: Plan) -> list[str]:
    """Every table that a sheet may hold under a scheme."""
    scheme = plan.scheme
    values = ["values"] if scheme.values else []
    return [*values, "ratings", *(["events"] if scheme.events else []), *(f"events:{kind}" for kind in scheme.events)]


def _known(plan: Plan, table: str, heading: str) -> str:
    """The column that a heading means by its name in the scheme; nothing where it means none or several."""
    for extra, name in EXTRAS.items():
        if folded(heading) in (folded(name.zh), folded(name.en)):
            return extra
    kind, _, event = table.partition(":")
    ids = _ids(plan, kind, event, heading)
    return ids[0] if len(ids) == 1 and ids[0] in columns_of(plan, table) else ""


def _ids(plan: Plan, kind: str, event: str, heading: str) -> tuple[str, ...]:
    lexicon = heading_lexicon(kind, plan.scheme, event or None)
    return lexicon.ids(heading) or lexicon.ids(heading.rpartition(".")[2])


def _alike(table: str, heading: str) -> str:
    """The column for which exports often write this heading."""
    word = folded(heading)
    events = table.startswith("events")
    for column, words in ALIKE.items():
        fits = events if column in (RECORD_NUMBER, REMARK, "at") else table == "ratings" if column in ("rater", "score") else True
        if fits and word in map(folded, words) and not (word == "编号" and events and column == "subject"):
            return column
    return ""


def _heading(plan: Plan, table: str, sheet: str, text: str, cells: Iterable[object], choices: Choices) -> Heading:
    kind, _, event = table.partition(":")
    chosen = choices.columns.get(sheet, {}).get(text)
    remembered = choices.remembered.get((table, folded(text)))
    known, alike = _known(plan, table, text), _alike(table, text)
    unclear = len(_ids(plan, kind, event, text)) > 1
    column, origin = next(
        (pair for pair in ((chosen, "chosen"), (remembered, "remembered"), (known, "known"), (alike, "suggested")) if pair[0]),
        (LEFT_OUT, "unclear" if unclear else "none"),
    )
    if column not in (*columns_of(plan, table), *EXTRAS, LEFT_OUT):
        column, origin = LEFT_OUT, "none"
    texts = [_text(cell, "") for cell in cells if not is_blank(cell)]
    extra = (EXTRAS.get(column, NOTHING), KEPT if column in EXTRAS else NOTHING)
    name, told = names_of_columns(plan, table).get(column, extra)
    return Heading(text, str(column), origin, tuple(texts[:3]), len(texts), name, told)


def _first_of_each(headings: list[Heading]) -> list[Heading]:
    """Of two headings that are only thought to mean one column the surer one keeps it."""
    sure = {one.column for one in headings if one.origin != "suggested"}
    found: list[Heading] = []
    for one in headings:
        taken = one.column in sure or one.column in {other.column for other in found}
        if one.origin == "suggested" and taken and one.column != LEFT_OUT:
            one = Heading(one.text, LEFT_OUT, "none", one.samples, one.filled)
        found.append(one)
    return found


def columns_of(plan: Plan, table: str) -> list[str]:
    """The columns that a table of facts has under a scheme."""
    kind, _, event = table.partition(":")
    own = [name for name, declared in declared_columns(kind, plan.scheme, event or None) if not declared.refused]
    structure = [name for name in STRUCTURE[kind] if not (event and name == "type")]
    return list(dict.fromkeys([*structure, *own]))


def _missing(table: str, found: set[str]) -> list[str]:
    needed = [*NEEDED[table.partition(":")[0]], *(["type"] if table == "events" else [])]
    lacking = [name for name in needed if name not in found]
    if table == "values" and not lacking and not {one for one in found if one[:1] not in ("#", "-")} - {"subject"}:
        return ["value"]
    return lacking


def _unclear(plan: Plan, table: str, grid: Grid, heading: Heading) -> Problem:
    kind, _, event = table.partition(":")
    known = listed(_ids(plan, kind, event, heading.text))
    return HeadingUnclear(grid.place.at(row=1, column=heading.text), [heading.text], found=heading.text, known=known)


def _lacks(plan: Plan, table: str, sheet: str, missing: Sequence[str]) -> Told:
    names = [names_of_columns(plan, table).get(column, (Text("任何一个数值", "any figure"),))[0] for column in missing]
    zh, en = "、".join(name.zh for name in names), ", ".join(name.en for name in names)
    return Told(
        "F001",
        f"“{sheet}”没有一列对应到{zh}。",
        f"No column of {sheet} is {en}.",
        "请在下面的列对应里指明是哪一列，或者不收入这张表。",
        "Say below which one it is, or leave the sheet out.",
        sheet,
    )


# --- rows -----------------------------------------------------------------------------------------


def _lines(
    plan: Plan, kind: str, event: str, sheet: str, grid: Grid, headings: Sequence[Heading], choices: Choices, people: Mapping[str, str]
) -> tuple[list[Line], list[Problem]]:
    """The rows of a sheet with their cells under ids, mended where somebody mended them."""
    kept = [place for place, one in enumerate(headings) if one.column != LEFT_OUT and not one.column.startswith("#")]
    extras = {one.column: grid.columns[place] for place, one in enumerate(headings) if one.column.startswith("#")}
    bare = Grid(
        [headings[one].column for one in kept], [grid.columns[one] for one in kept], grid.numbers, grid.place.at(sheet=sheet), grid.problems
    )
    tables, problems = tables_of_grid(bare, kind, plan.scheme, event or None)
    months = {name for name, declared in declared_columns(kind, plan.scheme, event or None) if declared.kind == "month"}
    cells = [{name: _text(cell, name, months) for name, cell in tables[0].row(row).items()} for row in range(grid.size)]
    places = {int(number): place for place, number in enumerate(grid.numbers)}
    for more in tables[1:]:
        problems += _merge(cells, more, places, months)
    names = _by_name(people)
    lines = []
    for place, number in enumerate(grid.numbers):
        told = {name: _text(column[place], name) for name, column in extras.items() if not is_blank(column[place])}
        line = Line(
            sheet, int(number), kind, cells[place], told.get(RECORD_NUMBER, "")[:100], told.get(REMARK, ""), told.get(SET_ASIDE, "")
        )
        whole = finished(plan, line, event, choices.mends.get(line.at, {}), people, names)
        if kind != "values" or set(whole.cells) - {"subject"}:
            lines.append(whole)
    return lines, problems


def _merge(cells: list[dict[str, str]], more: Table, places: Mapping[int, int], months: set[str]) -> list[Problem]:
    """The second of two columns that mean one figure: written where the first is empty, told where both are written."""
    problems: list[Problem] = []
    for row in range(more.size):
        place = more.at(row)
        own = cells[places[int(place.row or 0)]]
        for name, cell in more.row(row).items():
            text = _text(cell, name, months)
            if own.setdefault(name, text) != text:
                why = ("（两列都写了这个数，并且不同）", " (two columns give this figure, and differ)")
                problems.append(
                    FactNotAllowed(place.at(column=name), [name], what="values", column=name, found=text, why_zh=why[0], why_en=why[1])
                )
    return problems


def finished(
    plan: Plan, line: Line, event: str, mends: Mapping[str, str], people: Mapping[str, str], names: Mapping[str, str] | None = None
) -> Line:
    """A row with its mends, its kind, words as ids and people by number."""
    cells = {**line.cells, **mends, **({"type": event} if event else {})}
    cells = {name: text for name, text in cells.items() if text.strip()}
    if mends:
        table = in_ids(Table.of_rows([cells]), line.table, plan.scheme, event or None)
        cells = {name: str(cell) for name, cell in table.row(0).items()}
    by_name = _by_name(people) if names is None else names
    for column in ("subject", "rater"):
        if column in cells:
            cells[column] = _person(cells[column], people, by_name)
    if "at" in cells and isinstance(day := parse_date(cells["at"]), date):
        cells["at"] = day.isoformat()
    return replace(line, cells=cells)


def _by_name(people: Mapping[str, str]) -> dict[str, str]:
    """Numbers by names that only one person bears."""
    found: dict[str, list[str]] = {}
    for number, name in people.items():
        found.setdefault(name, []).append(number)
    return {name: numbers[0] for name, numbers in found.items() if len(numbers) == 1}


def _person(text: str, people: Mapping[str, str], by_name: Mapping[str, str]) -> str:
    """The number of the person that a text means: by number, by a name that only she bears, or by both."""
    plain = plain_text(text)
    if text in people or plain in people:
        return text if text in people else plain
    first = plain.split(" ")[0]
    if " " in plain and first in people and people[first] == plain.partition(" ")[2].strip():
        return first
    return by_name.get(plain, plain)


def _text(cell: object, column: str, months: Iterable[str] = ()) -> str:
    """A cell as text that reads back to the same fact."""
    if isinstance(cell, (date, datetime)):
        return cell.isoformat()[: 7 if column in months else 10]
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, Decimal):
        return format(cell, "f")
    return str(cell).strip()


# --- what is wrong --------------------------------------------------------------------------------


Headings = Mapping[str, Mapping[str, str]]


def faults_of(written: str, rows: Rows, lines: Sequence[Line], headings: Headings | None = None) -> dict[tuple[str, int], Fault]:
    """The first thing that is wrong with each row, checked beside the round's people and its other facts."""
    found: dict[tuple[str, int], Fault] = {}
    for line, fault in every_fault_of(written, rows, lines, headings):
        found.setdefault((line.sheet, line.row), fault)
    return found


def every_fault_of(written: str, rows: Rows, lines: Sequence[Line], headings: Headings | None = None) -> Iterator[tuple[Line, Fault]]:
    """Everything that is wrong with rows."""
    plan, people = plan_of(written), _people(rows)
    places = {(line.sheet, line.row): line for line in lines}
    for problem in [*_strangers(plan, rows, lines), *_problems(plan, rows, lines)]:
        for line in _concerned(problem, places, lines):
            yield line, fault_of(plan, problem, line.cells, (headings or {}).get(line.sheet, {}), people)


def _problems(plan: Plan, rows: Rows, lines: Sequence[Line]) -> tuple[Problem, ...]:
    try:
        check_facts(plan, _beside(rows, lines))
    except Problems as refused:
        return refused.problems
    return ()


def _beside(rows: Rows, lines: Sequence[Line]) -> RawFacts:
    """The round's facts and, behind them, the new rows sheet by sheet."""
    raw = rows.raw()
    tables = {
        kind: [replace(table, place=Place(sheet=f"\0{kind}")) for table in found] for kind, found in raw.tables.items() if kind != "history"
    }
    sheets: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        sheets.setdefault((line.table, line.sheet), []).append(line)
    for (kind, sheet), own in sheets.items():
        table = Table.of_rows([line.cells for line in own], Place(sheet=sheet), [line.row for line in own])
        tables.setdefault(kind, []).append(table)
    return replace(raw, tables=tables)


def _concerned(problem: Problem, places: Mapping[tuple[str, int], Line], lines: Sequence[Line]) -> Iterator[Line]:
    """The rows that a problem is about: the one where it stands, or those of the person whose kept figures the new ones contradict."""
    place = problem.place
    line = places.get((place.sheet, place.row or 0))
    if line is not None:
        yield line
    elif place.sheet == "\0values":
        columns = {name for name in problem.about if name}
        for one in lines:
            if one.table == "values" and one.cells.get("subject") in columns and columns & (set(one.cells) - {"subject"}):
                yield one


def _people(rows: Rows) -> dict[str, str]:
    return {str(row["id"]): str(row.get("name", "")) for row in rows.tables.get("people", ())}


def _strangers(plan: Plan, rows: Rows, lines: Sequence[Line]) -> Iterator[Problem]:
    """Figures of nobody: a number or unit that the round does not know, a unit's figure in a person's row and the other way round.

    The engine lets a figure of an unknown unit pass, since units are known by their figures; in a round the organisation is known.
    """
    people, units = _people(rows), _units(plan, rows)
    keys = _keys(plan)
    for line in lines:
        subject = line.cells.get("subject", "")
        if line.table != "values" or not subject or plan.scheme.subjects != "people":
            continue
        place = Place(sheet=line.sheet, row=line.row)
        kind = "" if subject in people else units.get(subject)
        if kind is None:
            known = [*people, *units]
            yield FactUnknown(
                place.at(column="subject"),
                [subject],
                what="values",
                column="subject",
                found=subject,
                known=listed(known, 6),
                guess_zh="",
                guess_en="",
            )
            continue
        for column in line.cells:
            if column != "subject" and column in keys and kind not in keys[column]:
                whose = _whose(plan, keys[column])
                why = (f"（要写在{whose.zh}的行）", f" (it belongs in the row of {whose.en})")
                yield FactNotAllowed(
                    place.at(column=column),
                    [column, subject],
                    what=subject,
                    column=column,
                    found=line.cells[column],
                    why_zh=why[0],
                    why_en=why[1],
                )


def _units(plan: Plan, rows: Rows) -> dict[str, str]:
    """The units of a round by the names under which people write them."""
    found: dict[str, str] = {}
    for key, unit in plan.scheme.units.items():
        members = {str(row[unit.by]) for row in rows.tables.get("people", ()) if unit.by and row.get(unit.by)}
        found |= dict.fromkeys(members or ([] if unit.by else [key]), key)
    return found


def _keys(plan: Plan) -> dict[str, set[str]]:
    """Of whom each figure is: persons (an empty name) or units."""
    found: dict[str, set[str]] = {}
    for name in plan.scheme.values:
        unit, dot, key = name.rpartition(".")
        found.setdefault(key if dot else name, set()).add(unit if dot else "")
    return found


def _whose(plan: Plan, kinds: set[str]) -> Text:
    names = [unit.name for key, unit in plan.scheme.units.items() if key in kinds and unit.name is not None]
    if "" in kinds or not names:
        return Text("人员", "a person")
    return Text("、".join(name.zh for name in names), ", ".join(name.en for name in names))


def units_of(written: str, rows: Rows) -> list[str]:
    """The units of a round that may have figures of their own."""
    plan = plan_of(written)
    with_figures = {name.rpartition(".")[0] for name in plan.scheme.values} - {""}
    return [name for name, kind in _units(plan, rows).items() if kind in with_figures]


def unit_names(written: str) -> dict[str, Text]:
    """The names of units that are only one each."""
    return {key: unit.name or Text(key, key) for key, unit in plan_of(written).scheme.units.items() if unit.by is None}


def keys_of_units(written: str, rows: Rows) -> dict[str, set[str]]:
    """For each unit with figures the keys of those."""
    plan = plan_of(written)
    kinds, keys = _units(plan, rows), _keys(plan)
    return {unit: {key for key, of in keys.items() if kind in of} for unit, kind in kinds.items()}


def roles_of_figures(written: str) -> dict[str, set[str]]:
    """For each figure of a person the roles in whose form something is fed by it; nothing for one that anybody may have."""
    plan = plan_of(written)
    found: dict[str, set[str]] = {}
    for key, declared in plan.scheme.values.items():
        fed = set(plan.feeds.get(f"value.{key}", ()))
        forms = {role for role, form in plan.forms.items() if role and fed & set(form["items"])}
        found[key] = set(declared.for_roles) if declared.for_roles else forms
    return found


# --- what pages ask -------------------------------------------------------------------------------


def same_figure(one: str, other: str) -> bool:
    """Whether two texts are the same figure: 98.5% and 0.985 are."""
    if one == other:
        return True
    numbers = parse_number(one), parse_number(other)
    return not any(isinstance(number, Problem) for number in numbers) and numbers[0] == numbers[1]


def counts_in_period(written: str, line: Line, start: date, end: date) -> bool:
    """Whether a record's day is one that the period counts."""
    event = plan_of(written).scheme.events.get(line.kind)
    day = parse_date(line.cells.get("at", ""))
    return event is None or event.window != "period" or not isinstance(day, date) or start <= day <= end


def tables_named(written: str) -> list[tuple[str, Text]]:
    """The tables that a sheet may be said to hold, with their names."""
    plan = plan_of(written)
    return [(table, table_name(plan, table)) for table in tables_to_choose(plan)]


def table_name(plan: Plan, table: str) -> Text:
    """The name of a table of facts."""
    kind, _, event = table.partition(":")
    return plan.scheme.events[event].name if event in plan.scheme.events else TABLE_NAMES.get(kind, Text(kind, kind))


def columns_named(written: str, table: str) -> list[tuple[str, Text]]:
    """The columns that a heading of a table may be said to mean, with their names."""
    plan = plan_of(written)
    names = names_of_columns(plan, table)
    extras = [extra for extra in EXTRAS if extra != SET_ASIDE and table.startswith("events")]
    return [*((column, names[column][0]) for column in columns_of(plan, table)), *((extra, EXTRAS[extra]) for extra in extras)]


def finished_line(written: str, line: Line, mends: Mapping[str, str], people: Mapping[str, str]) -> Line:
    """A row with some cells written anew."""
    return finished(plan_of(written), line, line.kind, mends, people)


def declared_of(written: str, table: str, event: str, column: str) -> Declared | None:
    """How a scheme declares a column; nothing for what every table has."""
    return dict(declared_columns(table, plan_of(written).scheme, event or None)).get(column)


def words_of(written: str, table: str, event: str, column: str) -> list[tuple[str, Text]]:
    """The words that a column takes, with their names."""
    plan = plan_of(written)
    lexicon = Vocabularies(plan.scheme).of(table, event or None).get(column)
    if column == "subject" or lexicon is None:
        declared = declared_of(written, table, event, column)
        return [(word, Text(word, word)) for word in declared.words] if declared is not None and isinstance(declared.words, tuple) else []
    return [(word, Text(*_pair(lexicon.written.get(word, ()), word))) for word in lexicon.tiers[0]]


def _pair(names: Sequence[str], word: str) -> tuple[str, str]:
    return (names[0], names[-1]) if names else (word, word)


def without(rows: Rows, values: set[tuple[str, str]], ratings: set[tuple[str, str, str, str]], records: set[int]) -> Rows:
    """A round's facts without those that new rows replace or repeat."""
    tables = {kind: list(found) for kind, found in rows.tables.items() if kind != "history"}
    if "values" in tables:
        kept = [{key: cell for key, cell in row.items() if (str(row["subject"]), key) not in values} for row in tables["values"]]
        tables["values"] = [row for row in kept if set(row) - {NUMBER, "subject"}]
    if "ratings" in tables:
        tables["ratings"] = [
            row
            for row in tables["ratings"]
            if tuple(str(row.get(name, "")) for name in ("item", "subject", "rater", "relation")) not in ratings
        ]
    if "events" in tables:
        tables["events"] = [row for row in tables["events"] if row[NUMBER] not in records]
    return Rows(rows.start, rows.end, rows.config, {kind: found for kind, found in tables.items() if found})
