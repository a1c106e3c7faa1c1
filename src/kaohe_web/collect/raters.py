"""Reading who rates whom in a round: what the scheme asks for, who was asked, whom the organisation proposes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from kaohe_web.collect.actions import Task
from kaohe_web.collect.models import Duty
from kaohe_web.engine.schemes import RatedItem, rated_items
from kaohe_web.engine.tables import Filling, Line
from kaohe_web.people.models import Grant, Person, Right, Unit, during
from kaohe_web.people.queries import not_found, people_named
from kaohe_web.rounds.models import Participant, Round
from kaohe_web.site.language import say

LEADS = ("supervisor", "lead", "superior", "shift_lead", "team_lead")
MANAGERS = ("manager", "department_head", "head")
BOSSES = ("general_manager", "executive_gm", "gm")
SUBJECT, NAME, ITEM, RELATION, RATER = "被考核人", "姓名", "指标", "关系", "评分人"
HEADINGS = {
    "subject": (SUBJECT, "subject", "工号"),
    "item": (ITEM, "item"),
    "rater": (RATER, "rater"),
    "relation": (RELATION, "relation"),
}


@dataclass
class Need:
    """One thing that a scheme wants rated of somebody in one relation, and who was asked."""

    item: RatedItem
    subject: Participant
    relation: str
    called: object
    duties: list[Duty] = field(default_factory=list)
    proposed: list[Person] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name of the field in which raters are added."""
        return f"add.{self.subject.id}.{self.item.key}.{self.relation}"


class Forms:
    """What a scheme rates, by role; read once."""

    def __init__(self, round: Round) -> None:
        self.plan = round.version.plan
        self.known: dict[str, list[RatedItem]] = {}

    def of(self, role: str) -> list[RatedItem]:
        """The items that are rated of a role."""
        if role not in self.known:
            self.known[role] = rated_items(self.plan, role)
        return self.known[role]

    def needs(self, subject: Participant) -> Iterator[Need]:
        """Everything to be rated of somebody."""
        for item in self.of(subject.role):
            for relation, called in item.relations or (("", ""),):
                yield Need(item, subject, relation, called)


def needs_of(round: Round, subjects: Iterable[Participant] | None = None) -> list[Need]:
    """Everything to be rated, with who was asked and whom the organisation proposes where nobody was."""
    forms, found = Forms(round), Proposer(round)
    wanted = list(round.participants.select_related("person", "unit") if subjects is None else subjects)
    duties: dict[tuple[int, str, str], list[Duty]] = {}
    for duty in Duty.objects.filter(round=round, subject__in=wanted).select_related("rater").order_by("rater__number"):
        duties.setdefault((duty.subject_id, duty.item, duty.relation), []).append(duty)
    needs = [need for subject in wanted for need in forms.needs(subject)]
    asked = {(subject, item, duty.rater_id) for (subject, item, _), every in duties.items() for duty in every}
    for need in needs:
        need.duties = duties.get((need.subject.id, need.item.key, need.relation), [])
        need.proposed = [] if need.duties else _once(found.raters(need), need, asked)
    return needs


def _once(raters: Iterable[Person], need: Need, asked: set[tuple[int, str, int]]) -> list[Person]:
    """Whoever does not rate the same item of the same person in another relation already."""
    left = [one for one in raters if (need.subject.id, need.item.key, one.id) not in asked]
    asked |= {(need.subject.id, need.item.key, one.id) for one in left}
    return left


class Proposer:
    """Whom the organisation names for a relation: oneself, the lead of one's unit, the manager above it."""

    def __init__(self, round: Round) -> None:
        self.above = {unit.id: unit.parent_id for unit in Unit.objects.all()}
        self.holders: dict[str, dict[int | None, list[Person]]] = {Right.LEAD: {}, Right.MANAGER: {}}
        grants = Grant.objects.filter(
            during(round.start, round.end), right__in=self.holders, user__is_active=True, user__person__isnull=False
        )
        for grant in grants.select_related("user__person"):
            self.holders[grant.right].setdefault(grant.unit_id, []).append(grant.user.person)

    def raters(self, need: Need) -> list[Person]:
        """Who is proposed for one need; nobody where the organisation does not say."""
        me, unit, relation = need.subject.person, need.subject.unit_id, need.relation
        if relation == "self":
            return [me]
        if relation in LEADS:
            return self._nearest(me, unit, Right.LEAD) or self._nearest(me, unit, Right.MANAGER)
        if relation in MANAGERS:
            return self._nearest(me, unit, Right.MANAGER)
        return [one for one in self.holders[Right.MANAGER].get(None, []) if one.id != me.id] if relation in BOSSES else []

    def _nearest(self, me: Person, unit: int | None, right: str) -> list[Person]:
        """The holders of a right over the unit or, where there are none, over what it belongs to; never oneself."""
        while True:
            found = [one for one in self.holders[right].get(unit, []) if one.id != me.id]
            if found or unit is None:
                return list(dict.fromkeys(found))
            unit = self.above.get(unit)


def proposals(needs: Iterable[Need]) -> list[Task]:
    """What the organisation proposes, as tasks."""
    return [Task(need.item.key, need.subject.person.number, rater.number, need.relation) for need in needs for rater in need.proposed]


@dataclass
class Summary:
    """How far the raters of one relation are named."""

    relation: str
    called: object
    wanted: int = 0
    open: int = 0
    proposed: int = 0


def summaries(needs: Iterable[Need]) -> list[Summary]:
    """The relations with how many ratings each wants, how many have nobody, how many the organisation could fill."""
    found: dict[str, Summary] = {}
    for need in needs:
        one = found.setdefault(need.relation, Summary(need.relation, need.called))
        one.wanted += 1
        one.open += not need.duties
        one.proposed += bool(need.proposed)
    return list(found.values())


def open_needs(round: Round) -> int:
    """How many ratings have nobody to give them."""
    return sum(not need.duties for need in needs_of(round))


def matching(needs: Sequence[Need], typed: Mapping[str, str]) -> list[Need]:
    """The needs that a filter leaves: by name or number of either side, by relation, by what is open."""
    name, relation, show = typed.get("name", "").strip(), typed.get("relation", ""), typed.get("show", "")
    return [
        need
        for need in needs
        if (not relation or need.relation == relation)
        and (show != "open" or not need.duties)
        and (not name or any(name in text for text in _names(need)))
    ]


def _names(need: Need) -> Iterator[str]:
    for person in (need.subject.person, *(duty.rater for duty in need.duties)):
        yield from (person.name, person.number)


def candidates(round: Round) -> list[Person]:
    """People whose names are offered while one types: those of the round, and who holds a right."""
    return list(Person.objects.filter(Q(participations__round=round) | Q(user__grants__isnull=False)).distinct().order_by("number")[:400])


# --- by workbook ----------------------------------------------------------------------------------


def template_of(round: Round) -> Filling:
    """A workbook with a row for every rating that has nobody yet, to be filled in with raters."""
    rows = [
        [need.subject.person.number, need.subject.person.name, tell(need.item.name), tell(need.called), ""]
        for need in needs_of(round)
        if not need.duties
    ]
    notes = (
        (SUBJECT, say("工号", "work number")),
        (NAME, say("只供您看", "for you to read only")),
        (ITEM, say("指标的名称", "the item's name")),
        (RELATION, say("方案里的关系", "the relation, as the scheme calls it")),
        (RATER, say("工号；一行一人，多人评就多写几行", "work number; one a row, more rows for more raters")),
    )
    return Filling(RATER, notes, rows)


def tell(text: object) -> str:
    """A text of the engine in the page's language."""
    teller = getattr(text, "tell", None)
    return str(text) if teller is None else str(teller(say("zh", "en")))


def tasks_of(round: Round, lines: Sequence[Line]) -> tuple[list[Task], list[tuple[str, str]]]:
    """The tasks that rows ask for, and everything that is wrong with the rows, by their numbers."""
    lines = [line for line in lines if _cell(line, "rater")]
    named, unclear = people_named(text for line in lines for text in (_cell(line, "subject"), _cell(line, "rater")))
    items = rated_items(round.version.plan)
    tasks: list[Task] = []
    wrong: list[tuple[str, str]] = []
    for line in lines:
        task, reasons = _task(line, items, named, unclear)
        wrong += [(f"第{line.number}行：{zh}", f"Row {line.number}: {en}") for zh, en in reasons]
        tasks += [] if task is None else [task]
    return tasks, wrong


def _task(
    line: Line, items: Sequence[RatedItem], named: Mapping[str, Person], unclear: Mapping[str, int]
) -> tuple[Task | None, list[tuple[str, str]]]:
    subject, rater, item, relation = (_cell(line, name) for name in ("subject", "rater", "item", "relation"))
    wrong = [not_found(text, unclear[text]) for text in dict.fromkeys((subject, rater)) if text in unclear]
    wrong += [] if subject else [("没有写被考核人。", "No subject is written.")]
    found = next((one for one in items if item in (one.key, one.name.zh, one.name.en)), None)
    if found is None:
        wrong.append((f"方案里没有要评分的指标“{item}”。", f"The scheme rates no item “{item}”."))
        return None, wrong
    key = _relation(found, relation)
    if key is None:
        known_zh, known_en = "、".join(name.zh for _, name in found.relations), ", ".join(name.en for _, name in found.relations)
        wrong.append(
            (f"“{item}”没有“{relation}”这种关系，可写：{known_zh}。", f"“{item}” takes no relation “{relation}”; it takes {known_en}.")
        )
    if wrong or key is None:
        return None, wrong
    return Task(found.key, named[subject].number, named[rater].number, key), []


def _relation(item: RatedItem, text: str) -> str | None:
    """The scheme's word for a relation; where an item has only one, nothing need be written."""
    if not item.relations:
        return ""
    if not text and len(item.relations) == 1:
        return item.relations[0][0]
    return next((key for key, name in item.relations if text in (key, name.zh, name.en)), None)


def _cell(line: Line, name: str) -> str:
    return next((line.cells[heading] for heading in HEADINGS[name] if line.cells.get(heading)), "")


def lacking_headings(headings: Sequence[str]) -> list[tuple[str, str]]:
    """The columns that a sheet of raters must have and has not."""
    return [
        (f"缺“{HEADINGS[name][0]}”这一列。", f"The column “{HEADINGS[name][0]}” is missing.")
        for name in ("subject", "item", "rater")
        if not set(HEADINGS[name]) & set(headings)
    ]
