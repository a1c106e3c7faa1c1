"""A workbook of people beside what is known: what each row would change, and every problem, before anything changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from kaohe_web.engine.tables import Filling, Line, ReadTable, day_of
from kaohe_web.people.models import Attribute, Person, Posting, Right, Unit, during
from kaohe_web.people.standing import Standing
from kaohe_web.site.language import language, say
from kaohe_web.staff.words import KNOWN, Words

COLUMNS: dict[str, tuple[str, ...]] = {
    "number": ("工号", "员工工号", "编号", "number", "no", "id"),
    "name": ("姓名", "名字", "name"),
    "unit": ("组/部门", "组", "部门", "班组", "单位", "所在部门", "unit", "team", "department"),
    "parent": ("上级部门", "上级单位", "所属部门", "parent", "belongs to"),
    "role": ("岗位", "职位", "角色", "role", "post"),
    "hired": ("入职", "入职日期", "hired", "hired on", "joined"),
    "left": ("离职", "离职日期", "left", "left on"),
    "email": ("邮箱", "电子邮箱", "email", "e-mail"),
    "since": ("生效日期", "生效", "since", "from"),
}
LONGEST = {"number": 64, "name": 100, "unit": 64, "parent": 64, "role": 64, "email": 254}
NEW, MOVED, LEFT, CHANGED, SAME = "new", "moved", "left", "changed", "same"
KINDS = {
    NEW: ("新增", "New"),
    MOVED: ("调动", "Moved"),
    LEFT: ("离职", "Left"),
    CHANGED: ("资料变更", "Changed"),
    SAME: ("不变", "Unchanged"),
}


@dataclass(frozen=True)
class Cells:
    """What one row says, its columns known."""

    row: int
    number: str
    name: str = ""
    unit: str = ""
    parent: str = ""
    role: str = ""
    email: str = ""
    hired: date | None = None
    left: date | None = None
    since: date | None = None
    more: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """One thing that a row changes: what, from, to."""

    what: str
    before: str
    after: str
    money: bool = False


@dataclass
class Row:
    """One row with what it would change of whom."""

    cells: Cells
    kind: str
    person: Person | None
    since: date
    changes: list[Change] = field(default_factory=list)
    unit: str = ""


@dataclass
class Difference:
    """Everything that a workbook would change, or all that is wrong with it."""

    rows: list[Row] = field(default_factory=list)
    problems: list[tuple[int, str, str]] = field(default_factory=list)
    new_units: dict[str, str] = field(default_factory=dict)
    moved_units: dict[str, tuple[str, str]] = field(default_factory=dict)
    more_columns: list[str] = field(default_factory=list)
    not_named: int = 0

    def of(self, kind: str) -> list[Row]:
        """The rows of a kind."""
        return [row for row in self.rows if row.kind == kind]

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many rows there are of each kind."""
        return [(kind, len(self.of(kind))) for kind in KINDS]

    @property
    def changes_anything(self) -> bool:
        """Whether taking it in would change anything."""
        return any(row.kind != SAME for row in self.rows) or bool(self.new_units or self.moved_units)


def column_of(heading: str) -> str | None:
    """Which column a heading is; none for an attribute of a scheme's."""
    folded = heading.strip().strip("*").lower()
    return next((column for column, names in COLUMNS.items() if folded in names), None)


def template(words: Words, rows: Iterable[Sequence[str]] = ()) -> Filling:
    """The workbook to fill in: what every company needs, then what its schemes ask of people."""
    asked = [one for key, one in words.fields.items() if key not in KNOWN]
    headings = [
        ("工号", say("必填，不重复", "needed, each once")),
        ("姓名", say("必填", "needed")),
        ("组/部门", say("在哪里任职", "where the post is")),
        ("上级部门", say("这个组属于哪个部门；顶层留空", "what the unit belongs to; empty at the top")),
        ("岗位", say("写方案里的岗位名称", "the role, as schemes call it")),
        ("入职", say("日期，如 2026-03-01", "a date such as 2026-03-01")),
        ("离职", say("在职的留空", "empty for those who are here")),
        ("邮箱", say("可不填；提醒邮件寄到这里", "may be empty; reminders go here")),
        *((one.name.tell(language()), say("方案要的资料", "asked for by a scheme")) for one in asked),
    ]
    roles = [name for name, _ in words.role_names.values()]
    return Filling("人员", headings, list(rows), {"岗位": roles})


# --- reading --------------------------------------------------------------------------------------


def difference(standing: Standing, table: ReadTable, since: date, words: Words) -> Difference:
    """What the rows of a workbook would change from a day on, compared with what is known."""
    found = Difference(problems=[(one.row or 0, one.say("zh"), one.say("en")) for one in table.problems])
    columns = {heading: column_of(heading) for heading in table.headings}
    lacking = [names[0] for column, names in COLUMNS.items() if column in ("number", "name") and column not in columns.values()]
    found.problems += [(1, f"缺“{name}”这一列。", f"The column “{name}” is missing.") for name in lacking]
    if found.problems:
        return found
    found.more_columns = [heading for heading, column in columns.items() if column is None]
    rows = list(_read(table.lines, columns, found, words))
    _compare(standing, rows, since, words, found)
    found.problems.sort(key=lambda one: one[0])
    return found


def _read(lines: Iterable[Line], columns: Mapping[str, str | None], found: Difference, words: Words) -> Iterator[Cells]:
    seen: dict[str, int] = {}
    for line in lines:
        texts = {column: line.cells[heading].strip() for heading, column in columns.items() if column and line.cells.get(heading)}
        more = {words.key(heading): line.cells[heading].strip() for heading, column in columns.items() if column is None}
        number = texts.get("number", "")
        days = {name: _day(line.number, columns, texts, name, found) for name in ("hired", "left", "since")}
        found.problems += _told(line.number, texts, more, seen.get(number))
        if number and number not in seen:
            seen[number] = line.number
            kept = {key: text for key, text in more.items() if text and key not in KNOWN}
            name, unit, parent, role, email = (texts.get(one, "") for one in ("name", "unit", "parent", "role", "email"))
            yield Cells(line.number, number, name, unit, parent, role, email, days["hired"], days["left"], days["since"], kept)


def _day(row: int, columns: Mapping[str, str | None], texts: Mapping[str, str], name: str, found: Difference) -> date | None:
    text = texts.get(name, "")
    day = day_of(text) if text else None
    if text and day is None:
        heading = next(heading for heading, column in columns.items() if column == name)
        found.problems.append((row, f"“{heading}”写的“{text}”不是日期。", f"“{text}” under “{heading}” is no date."))
    return day


def _told(row: int, texts: Mapping[str, str], more: Mapping[str, str], first: int | None) -> Iterator[tuple[int, str, str]]:
    if not texts.get("number"):
        yield row, "没有写工号。", "No number is written."
    if first is not None:
        yield row, f"工号与第{first}行重复。", f"The number stands in row {first} already."
    for name, most in LONGEST.items():
        if len(texts.get(name, "")) > most:
            yield row, f"“{COLUMNS[name][0]}”超过{most}个字。", f"“{COLUMNS[name][-1]}” is longer than {most} characters."
    for key, text in more.items():
        if len(key) > 64 or len(text) > 200:
            yield row, f"“{key[:20]}”的内容太长。", f"What stands under “{key[:20]}” is too long."


# --- comparing ------------------------------------------------------------------------------------


@dataclass
class _Known:
    """What is known of the people that a workbook names, on the days that its rows say."""

    people: dict[str, Person]
    postings: dict[int, list[Posting]]
    attributes: dict[int, list[Attribute]]
    units: dict[str, Unit]

    def posting(self, person: Person, day: date) -> Posting | None:
        """The post held on a day."""
        return next((one for one in self.postings.get(person.id, []) if one.since <= day and (one.until is None or one.until >= day)), None)

    def later(self, person: Person, day: date) -> Posting | None:
        """A post that begins after a day."""
        return next((one for one in self.postings.get(person.id, []) if one.since > day), None)

    def attribute(self, person: Person, key: str, day: date, words: Words) -> Attribute | None:
        """What holds of somebody under a key on a day."""
        return next(
            (
                one
                for one in self.attributes.get(person.id, [])
                if words.key(one.key) == key and one.since <= day and (one.until is None or one.until >= day)
            ),
            None,
        )


def _known(rows: Sequence[Cells]) -> _Known:
    numbers = [row.number for row in rows]
    people = {one.number: one for one in Person.objects.filter(number__in=numbers)}
    ids = [one.id for one in people.values()]
    postings: dict[int, list[Posting]] = {}
    for posting in Posting.objects.filter(person_id__in=ids).select_related("unit").order_by("since"):
        postings.setdefault(posting.person_id, []).append(posting)
    attributes: dict[int, list[Attribute]] = {}
    for attribute in Attribute.objects.filter(person_id__in=ids).order_by("since"):
        attributes.setdefault(attribute.person_id, []).append(attribute)
    units: dict[str, Unit] = {}
    for unit in Unit.objects.select_related("parent"):
        units.setdefault(unit.name, unit)
        units[unit.code] = unit
    return _Known(people, postings, attributes, units)


def _compare(standing: Standing, rows: Sequence[Cells], since: date, words: Words, found: Difference) -> None:
    known = _known(rows)
    _units(standing, rows, known, found)
    for cells in rows:
        person = known.people.get(cells.number)
        row = Row(cells, SAME, person, cells.since or _not_before_joining(person, since))
        _new(row, found) if person is None else _changed(row, person, known, words)
        found.problems += _wrong(standing, row, known)
        found.rows.append(row)
    here = Posting.objects.filter(during(since)).exclude(person__number__in=[cells.number for cells in rows])
    found.not_named = here.values("person").distinct().count()


def _not_before_joining(person: Person | None, since: date) -> date:
    """The day from which changes hold, for somebody who joined later the day of joining."""
    return since if person is None or person.hired_on is None else max(since, person.hired_on)


def _units(standing: Standing, rows: Sequence[Cells], known: _Known, found: Difference) -> None:
    """New units and units that belong elsewhere now; a row that says two parents of one unit is told."""
    parents: dict[str, tuple[str, int]] = {}
    for cells in rows:
        if not cells.unit:
            continue
        said = parents.get(cells.unit)
        if cells.parent and said is not None and said[0] and said[0] != cells.parent:
            found.problems.append(
                (
                    cells.row,
                    f"“{cells.unit}”的上级部门与第{said[1]}行不同。",
                    f"“{cells.unit}” belongs to something else than in row {said[1]}.",
                )
            )
        if said is None or (cells.parent and not said[0]):
            parents[cells.unit] = (cells.parent, cells.row)
    for parent, _ in list(parents.values()):
        if parent and parent not in parents:
            parents[parent] = ("", 0)
    _circles(parents, known, found)
    for name, (parent, _) in parents.items():
        unit = known.units.get(name)
        if unit is None:
            found.new_units[name] = parent
        elif parent and (unit.parent is None or parent not in (unit.parent.name, unit.parent.code)):
            found.moved_units[name] = (unit.parent.name if unit.parent else "", parent)
    if (found.new_units or found.moved_units) and standing.units(Right.HR) is not None:
        names = "、".join([*found.new_units, *found.moved_units])
        found.problems.append((0, f"新建或改挂部门要全公司的人事权限：{names}。", f"Only HR of the whole company changes units: {names}."))


def _circles(parents: Mapping[str, tuple[str, int]], known: _Known, found: Difference) -> None:
    """A unit must not belong to itself, through however many others."""
    for name, (_, row) in parents.items():
        seen, at = {name}, name
        while at := _parent(at, parents, known):
            if at in seen:
                if at == name:
                    found.problems.append((row, f"“{name}”绕了一圈又属于自己。", f"“{name}” would belong to itself."))
                break
            seen.add(at)


def _parent(name: str, parents: Mapping[str, tuple[str, int]], known: _Known) -> str:
    said = parents.get(name, ("", 0))[0]
    unit = known.units.get(name)
    return said or (unit.parent.name if unit is not None and unit.parent is not None else "")


def _new(row: Row, found: Difference) -> None:
    cells = row.cells
    row.kind, row.since, row.unit = NEW, cells.since or cells.hired or row.since, cells.unit
    for name, text in (("姓名", cells.name), ("组/部门", cells.unit), ("岗位", cells.role)):
        if not text:
            found.problems.append((cells.row, f"新人没有写“{name}”。", f"A new person needs “{name}”."))
    row.changes = [Change(say("任职", "post"), "", f"{cells.unit} {cells.role}".strip())]


def _changed(row: Row, person: Person, known: _Known, words: Words) -> None:
    """What the row says otherwise than what is known; an empty cell says nothing."""
    cells = row.cells
    facts = [
        Change(say("姓名", "name"), person.name, cells.name),
        Change(say("邮箱", "e-mail"), person.email, cells.email),
        Change(say("入职", "hired"), _iso(person.hired_on), _iso(cells.hired)),
    ]
    for key, text in cells.more.items():
        held = known.attribute(person, key, row.since, words)
        facts.append(Change(words.heading(key, language()), held.text if held else "", text, words.is_money(key)))
    row.changes = [one for one in facts if one.after and one.after != one.before]
    row.kind = CHANGED if row.changes else SAME
    posting = known.posting(person, row.since)
    row.unit = cells.unit or (posting.unit.name if posting else "")
    before, after = _post(posting, words), _post_said(cells, posting, known, words)
    if after != before and (cells.unit or cells.role) and not cells.left:
        row.kind = MOVED
        row.changes.insert(0, Change(say("任职", "post"), _named(before, words), _named(after, words)))
    if cells.left and cells.left != person.left_on:
        row.kind = LEFT
        row.changes.insert(0, Change(say("离职", "left"), _iso(person.left_on), _iso(cells.left)))


def _post(posting: Posting | None, words: Words) -> tuple[str, str]:
    return ("", "") if posting is None else (posting.unit.name, words.role(posting.role))


def _named(post: tuple[str, str], words: Words) -> str:
    """A post as people read it."""
    unit, role = post
    names = words.role_names.get(role)
    return f"{unit} {say(*names) if names else role}".strip()


def _post_said(cells: Cells, posting: Posting | None, known: _Known, words: Words) -> tuple[str, str]:
    unit, role = _post(posting, words)
    said = known.units.get(cells.unit)
    return (said.name if said else cells.unit or unit), words.role(cells.role) if cells.role else role


def _wrong(standing: Standing, row: Row, known: _Known) -> Iterator[tuple[int, str, str]]:
    cells = row.cells
    hired = cells.hired or (row.person.hired_on if row.person else None)
    if hired and cells.left and cells.left < hired:
        yield cells.row, "离职早于入职。", "Left before joining."
    if row.person is not None and row.kind == MOVED and (later := known.later(row.person, row.since)) is not None:
        yield (
            cells.row,
            f"{later.since}起已有另一任职，请改生效日期，或到人员页更正。",
            f"Another post begins on {later.since}: choose another day, or correct it on the person's page.",
        )
    if row.person is not None and row.kind == MOVED and not (cells.unit or known.posting(row.person, row.since)):
        yield cells.row, "没有写组/部门。", "No unit is written."
    if standing.units(Right.HR) is None:
        return
    units = [known.units.get(cells.unit)] if cells.unit else []
    held = known.posting(row.person, row.since) if row.person is not None else None
    reached = [unit is not None and standing.covers(unit.id, Right.HR) for unit in (*units, *([held.unit] if held else []))]
    if not all(reached):
        yield cells.row, "不在您负责的部门。", "This is not a unit of yours."


def _iso(day: date | None) -> str:
    return "" if day is None else day.isoformat()
