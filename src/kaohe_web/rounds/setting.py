"""Reading what a round needs before it runs: choices with their bounds, approvers, deadlines, people and what is missing of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from fractions import Fraction

from django.utils import timezone

from kaohe_web.engine.asking import config_problems, people_problems, rows_of_people
from kaohe_web.engine.facts import NUMBER
from kaohe_web.engine.schemes import Choice, Field, choices_of, outline_of, people_fields
from kaohe_web.engine.telling import Told
from kaohe_web.library.models import SchemeVersion
from kaohe_web.people.models import Person, Right, Unit, User
from kaohe_web.people.queries import unit_tree, units_for
from kaohe_web.people.standing import Standing
from kaohe_web.rounds.models import Participant, Round
from kaohe_web.rounds.periods import Period, suggested
from kaohe_web.rounds.queries import sees_money
from kaohe_web.rounds.stages import ORDER, Stage

STEPS = 3
# How many days after the period each stage usually ends, at 18:00.
USUAL = {Stage.COLLECTING: 10, Stage.SCORED: 12, Stage.REVIEWING: 15, Stage.APPROVED: 16, Stage.CONFIRMING: 23, Stage.CLOSED: 30}
BEFORE = 7  # goals are agreed within the first days of a period
EVENING = time(18)


# --- a new round ----------------------------------------------------------------------------------


@dataclass
class Blank:
    """The form of a new round, as far as it is filled in."""

    versions: list[SchemeVersion]
    units: list[tuple[int, Unit]]
    name: str = ""
    version: SchemeVersion | None = None
    unit: str = ""
    start: str = ""
    end: str = ""
    periods: list[Period] = field(default_factory=list)

    @property
    def home(self) -> Unit | None:
        """The unit that is chosen."""
        return next((unit for _, unit in self.units if str(unit.id) == self.unit), None)

    @property
    def period(self) -> Period | None:
        """The period that is chosen."""
        return Period.read(f"{self.start}..{self.end}")


def blank_round(standing: Standing, typed: Mapping[str, str]) -> Blank:
    """What the form of a new round offers, with what was typed."""
    versions = list(SchemeVersion.objects.select_related("scheme").order_by("scheme__code", "-number").defer("text", "plan"))
    units = unit_tree(units_for(standing, Right.HR))
    version = next((one for one in versions if str(one.id) == typed.get("version")), versions[0] if len(versions) == 1 else None)
    blank = Blank(versions, units, typed.get("name", ""), version, typed.get("unit", ""), typed.get("start", ""), typed.get("end", ""))
    outline = None if version is None else outline_of(version.plan)
    spans, starts_on = ((), 1) if outline is None else (outline.spans, outline.starts_on)
    blank.periods = suggested(spans, timezone.localdate(), starts_on)
    chosen = Period.read(typed.get("period", ""))
    if chosen is not None:
        blank.start, blank.end = chosen.start.isoformat(), chosen.end.isoformat()
    if not blank.unit and units:
        blank.unit = str(units[0][1].id)
    return blank


# --- the company's choices ------------------------------------------------------------------------


@dataclass(frozen=True)
class Entered:
    """A choice, the name of its field, and what it was chosen as."""

    name: str
    choice: Choice
    text: str

    @property
    def number(self) -> Fraction:
        """What it counts in a sum: the default where nothing was chosen, 0 where it is no number."""
        return _number(self.text or self.choice.default) or Fraction(0)


@dataclass
class Group:
    """One thing that a scheme leaves open, with all its parts."""

    first: Choice
    rows: list[Entered] = field(default_factory=list)

    @property
    def total(self) -> str:
        """What the parts add up to."""
        return _written(sum((row.number for row in self.rows), Fraction(0)))

    @property
    def sections(self) -> list[tuple[str, Choice, str, list[Entered]]]:
        """The parts by the sections of the scheme: a key, the first, what they add up to."""
        found: dict[str, list[Entered]] = {}
        for row in self.rows:
            found.setdefault(row.choice.section.zh, []).append(row)
        return [
            (f"{self.first.key}-{place}", rows[0].choice, _written(sum((row.number for row in rows), Fraction(0))), rows)
            for place, rows in enumerate(found.values(), start=1)
        ]


def _written(total: Fraction) -> str:
    return str(total.numerator) if total.denominator == 1 else f"{total.numerator}/{total.denominator}"


def _number(text: str) -> Fraction | None:
    try:
        return Fraction(text.strip().rstrip("%")) / (100 if text.strip().endswith("%") else 1)
    except (ValueError, ZeroDivisionError):
        return None


def name_of(choice: Choice) -> str:
    """The name of a choice's field in the form."""
    return f"c.{choice.key}.{choice.part}" if choice.part else f"c.{choice.key}"


def groups_of(round: Round, typed: Mapping[str, str] | None = None) -> list[Group]:
    """Every choice with what the round says, or what was just typed."""
    groups: dict[str, Group] = {}
    for choice in choices_of(round.version.plan):
        name = name_of(choice)
        text = _kept(round.config.get(choice.key), choice.part) if typed is None or name not in typed else typed[name]
        groups.setdefault(choice.key, Group(choice)).rows.append(Entered(name, choice, text))
    return list(groups.values())


def _kept(value: object, part: str) -> str:
    if isinstance(value, Mapping):
        value = value.get(part)
    return "" if value is None else str(value)


def config_of(round: Round, typed: Mapping[str, str]) -> dict[str, object]:
    """The choices that a form holds; what is left empty keeps to the scheme's default."""
    found: dict[str, object] = {}
    for choice in choices_of(round.version.plan):
        text = typed.get(name_of(choice), "").strip()
        if not text:
            continue
        if choice.part:
            parts = found.setdefault(choice.key, {})
            assert isinstance(parts, dict)
            parts[choice.part] = text
        else:
            found[choice.key] = text
    return found


# --- people ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Taken:
    """Somebody in a round, and what the scheme still wants to know of her."""

    participant: Participant
    cells: list[tuple[str, Told | None]]
    others: list[Told]
    assessed: bool

    @property
    def lacks(self) -> bool:
        """Whether anything is missing or wrong."""
        return bool(self.others) or any(told for _, told in self.cells)


def taken_people(round: Round, money: bool) -> tuple[list[Field], list[Taken]]:
    """What the scheme asks of people, and everybody in the round with what is known."""
    fields = [one for one in people_fields(round.version.plan) if money or not one.is_money]
    participants = list(round.participants.select_related("person", "unit"))
    rows = [_row(one) for one in participants]
    told: dict[int, list[Told]] = {}
    for one in people_problems(round.version.plan, rows_of_people(round.start, round.end, round.config, rows)):
        told.setdefault(one.row or 0, []).append(one)
    roles = {role for role, _ in outline_of(round.version.plan).roles}
    return fields, [_taken(one, fields, told.get(one.id, []), not roles or one.role in roles) for one in participants]


def _row(one: Participant) -> dict[str, object]:
    return {NUMBER: one.id, "id": one.person.number, "name": one.person.name, "role": one.role, **one.attributes}


def _taken(one: Participant, fields: list[Field], told: list[Told], assessed: bool) -> Taken:
    by_column = {problem.column: problem for problem in told}
    cells = [(one.attributes.get(field.key, ""), by_column.pop(field.key, None)) for field in fields]
    return Taken(one, cells, list(by_column.values()), assessed)


# --- the page -------------------------------------------------------------------------------------


@dataclass
class SetupPage:
    """Everything on the page that sets a round up."""

    round: Round
    frozen: bool
    groups: list[Group]
    open_choices: list[Told]
    approvers: list[tuple[int, str, bool]]
    without_sign_in: list[str]
    candidates: list[Person]
    deadlines: list[tuple[str, str]]
    suggests_deadlines: bool
    fields: list[Field]
    people: list[Taken]
    roles: dict[str, object]
    raters_open: int = 0
    nothing: dict[str, str] = field(default_factory=dict)  # no choice: what the scheme's defaults say

    @property
    def lacking(self) -> list[Taken]:
        """People of whom something is missing."""
        return [one for one in self.people if one.lacks]

    @property
    def unassessed(self) -> int:
        """How many hold roles that the scheme does not assess."""
        return sum(not one.assessed for one in self.people)

    @property
    def is_ready(self) -> bool:
        """Whether everybody can be asked to agree."""
        return bool(self.people) and not self.open_choices and any(number for _, number, _ in self.approvers)


def setup_page(standing: Standing, round: Round, typed: Mapping[str, str] | None = None) -> SetupPage:
    """The page, with what was typed where a form was refused."""
    fields, people = taken_people(round, sees_money(standing, round))
    outline = outline_of(round.version.plan)
    approvals = list(round.approvals.select_related("approver"))
    signed_in = set(
        User.objects.filter(person__in=[one.approver_id for one in approvals], is_active=True).values_list("person_id", flat=True)
    )
    slots = [(one.step, f"{one.approver.number} {one.approver.name}", one.sees_money) for one in approvals]
    if typed is not None and "approver.1" in typed:
        slots = [(step, typed.get(f"approver.{step}", ""), f"money.{step}" in typed) for step in range(1, STEPS + 1)]
    slots += [(step, "", step > 1) for step in range(len(slots) + 1, STEPS + 1)]
    kept = {one.stage: one.at for one in round.deadlines.all()}
    return SetupPage(
        round=round,
        frozen=round.stage != Stage.DRAFT,
        groups=groups_of(round, typed),
        open_choices=config_problems(round.version.plan, round.start, round.end, round.config),
        approvers=slots,
        without_sign_in=[one.approver.name for one in approvals if one.approver_id not in signed_in],
        candidates=list(Person.objects.filter(user__grants__isnull=False, user__is_active=True).distinct()[:200]),
        deadlines=[(stage, _typed_moment(kept.get(stage) or (None if kept else usual(round, stage)))) for stage in ORDER[1:]],
        suggests_deadlines=not kept,
        fields=fields,
        people=people,
        roles=dict((*outline.roles, *outline.rate_only)),
    )


def usual(round: Round, stage: str) -> datetime | None:
    """When a stage usually ends: goals early in the period, the rest so many days after it."""
    day: date = round.start + timedelta(days=BEFORE) if stage == Stage.AGREEING else round.end + timedelta(days=USUAL.get(Stage(stage), 0))
    return timezone.make_aware(datetime.combine(day, EVENING))


def _typed_moment(at: datetime | None) -> str:
    return "" if at is None else f"{timezone.localtime(at):%Y-%m-%dT%H:%M}"


def moment_of(text: str) -> datetime | None:
    """The moment that a form's field holds, in the company's time."""
    try:
        return timezone.make_aware(datetime.fromisoformat(text)) if text else None
    except ValueError:
        return None
