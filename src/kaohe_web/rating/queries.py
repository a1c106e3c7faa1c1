"""What somebody is asked to rate, and what she may know of each person while she does: her own duties and nobody else's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet
from django.http import Http404

from kaohe_web.collect.actions import SELF
from kaohe_web.collect.models import Duty, Rating, Record, ValueEntry
from kaohe_web.engine.grids import NOT_APPLICABLE, Sheet, concerns_of, relation_name, sheet_of
from kaohe_web.engine.schemes import outline_of, rated_items, record_kinds
from kaohe_web.people.models import Right
from kaohe_web.people.standing import Standing
from kaohe_web.results.models import Result
from kaohe_web.results.rows import earlier_runs
from kaohe_web.rounds.models import Participant, Round
from kaohe_web.rounds.stages import OPEN, ORDER, Stage
from kaohe_web.site.language import language, say

MOST_RECORDS = 8
KNOWS = (Right.LEAD, Right.MANAGER, Right.HR)  # whoever leads somebody knows her records and her scores


@dataclass
class Task:
    """One item of one round that somebody rates: how many she owes, how many are given."""

    round: Round
    item: str
    name: str
    relations: dict[str, str] = field(default_factory=dict)
    of: int = 0
    done: int = 0
    submitted: bool = True
    due: datetime | None = None

    @property
    def left(self) -> int:
        """How many are still owed."""
        return self.of - self.done

    @property
    def relations_told(self) -> str:
        """As what the user rates."""
        return say("、", ", ").join(dict.fromkeys(name for name in self.relations.values() if name))

    @property
    def is_open(self) -> bool:
        """Whether ratings may be given now."""
        return self.round.stage in OPEN

    @property
    def link(self) -> str:
        """Its page."""
        return f"/rate/{self.round.id}/{self.item}/"


def tasks_of(standing: Standing, round_id: int | None = None) -> list[Task]:
    """Everything that the user was ever asked to rate, or that of one round; the latest round first."""
    if standing.person is None:
        return []
    duties = Duty.objects.filter(rater=standing.person)
    given = Rating.objects.filter(rater=standing.person.number, counts=True)
    if round_id is not None:
        duties, given = duties.filter(round=round_id), given.filter(round=round_id)
    done = set(given.values_list("round_id", "item", "subject"))
    columns = ("round_id", "item", "relation", "subject__person__number", "subject__role", "submitted_at")
    rows = list(duties.order_by("-round__end", "id").values_list(*columns))
    rounds = Round.objects.select_related("version").in_bulk({row[0] for row in rows})
    tasks: dict[tuple[int, str], Task] = {}
    for round, item, relation, subject, role, submitted in rows:
        task = tasks.get((round, item)) or tasks.setdefault((round, item), _task(rounds[round], item, role))
        task.of += 1
        task.done += (round, item, subject) in done
        task.submitted &= submitted is not None
        task.relations.setdefault(relation, relation_name(rounds[round].version.plan, relation).tell(language()))
    due = _due(rounds.values())
    for task in tasks.values():
        task.due = due.get(task.round.id)
    return [task for task in tasks.values() if ORDER.index(Stage(task.round.stage)) >= ORDER.index(Stage.COLLECTING)]


def _task(round: Round, item: str, role: str) -> Task:
    sheet = sheet_of(round.version.plan, item, role)
    return Task(round, item, item if sheet is None else sheet.name.tell(language()))


def _due(rounds: Iterable[Round]) -> dict[int, datetime]:
    """Until when each round collects."""
    found = {round.id: round for round in rounds}
    wanted = Round.objects.filter(pk__in=found, deadlines__stage=Stage.COLLECTING)
    return dict(wanted.values_list("id", "deadlines__at"))


# --- the grid -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Evidence:
    """One record of somebody, as the panel beside the grid shows it."""

    day: str
    kind: str
    words: str


@dataclass
class GridRow:
    """One person to rate, what is known of her, and what was given."""

    participant: Participant
    sheet: Sheet
    relation: str
    post: str = ""
    text: str = ""
    comment: str = ""
    call: str = ""
    at: datetime | None = None
    given: bool = False
    own: str = ""
    facts: list[str] = field(default_factory=list)
    records: list[Evidence] = field(default_factory=list)
    others: list[tuple[str, int]] = field(default_factory=list)

    @property
    def subject(self) -> str:
        """The person's number."""
        return self.participant.person.number

    @property
    def name(self) -> str:
        """The person's name."""
        return self.participant.person.name

    @property
    def shown(self) -> str:
        """The score as it is read; a word where the rater said that the item does not apply."""
        if self.given and self.text == NOT_APPLICABLE:
            return say("不适用", "n/a")
        return self.sheet.shown(self.text) if self.text else ""


@dataclass
class Grid:
    """Everything on a rating grid."""

    task: Task
    tasks: list[Task]
    sheet: Sheet
    heads: list[str]
    rows: list[GridRow]
    has_self: bool
    counted_self: bool
    at: datetime | None

    @property
    def sentences(self) -> tuple[str, ...]:
        """How the scores become one."""
        return self.sheet.sentences(language())

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How often each score was given, the highest first."""
        told = Counter(row.shown for row in self.rows if row.given)
        return [(score.shown, told[score.shown]) for score in reversed(self.sheet.scores)]

    def following(self, subject: str) -> GridRow | None:
        """Who is not rated yet, after somebody and around again."""
        place = next((place for place, row in enumerate(self.rows) if row.subject == subject), -1)
        around = self.rows[place + 1 :] + self.rows[: place + 1]
        return next((row for row in around if not row.given), None)


def grid_of(standing: Standing, round_id: int, item: str) -> Grid:
    """The user's own grid of an item; not there for who owes nothing in it."""
    tasks = tasks_of(standing, round_id)
    task = next((task for task in tasks if task.item == item), None)
    if task is None:
        raise Http404
    rows = _rows(standing, task.round, item)
    heads = _tell_facts(standing, task.round, item, rows)
    given = _keep(standing, task.round, item, rows)
    has_self = any(row.own for row in rows) or task.round.self_assessment
    return Grid(task, tasks, rows[0].sheet, heads, rows, has_self, rows[0].sheet.takes_self, given)


def _rows(standing: Standing, round: Round, item: str) -> list[GridRow]:
    duties = Duty.objects.filter(round=round, item=item, rater=standing.person).select_related("subject__person", "subject__unit")
    posts = {key: name.tell(language()) for key, name in outline_of(round.version.plan).roles}
    rows = []
    for duty in duties.order_by("subject__unit__code", "subject__person__number"):
        sheet = sheet_of(round.version.plan, item, duty.subject.role)
        if sheet is not None:
            rows.append(GridRow(duty.subject, sheet, duty.relation, posts.get(duty.subject.role, duty.subject.role)))
    if not rows:
        raise Http404
    return rows


def _keep(standing: Standing, round: Round, item: str, rows: Sequence[GridRow]) -> datetime | None:
    """Put what was given into the rows; when the last of it was."""
    assert standing.person is not None
    given = {one.subject: one for one in Rating.objects.filter(round=round, item=item, rater=standing.person.number, counts=True)}
    for row in rows:
        one = given.get(row.subject)
        if one is not None:
            row.given, row.at, row.comment = True, one.at, one.comment
            row.text = NOT_APPLICABLE if one.more.get("not_applicable") else row.sheet.read(one.text) or one.text
            row.call = one.more.get(row.sheet.per, "") if row.sheet.per else ""
    own = {one.subject: one for one in own_ratings(round, item) if one.subject in {row.subject for row in rows}}
    for row in rows:
        row.own = row.sheet.shown(own[row.subject].text) if row.subject in own else ""
    return max((one.at for one in given.values()), default=None)


def own_ratings(round: Round, item: str | None = None) -> list[Rating]:
    """What people said of themselves."""
    found = Rating.objects.filter(round=round) if item is None else Rating.objects.filter(round=round, item=item)
    return [one for one in found.order_by("id") if one.subject == one.rater and (not one.counts or one.relation == SELF)]


# --- evidence -------------------------------------------------------------------------------------


def _tell_facts(standing: Standing, round: Round, item: str, rows: Sequence[GridRow]) -> list[str]:
    """The evidence columns: what the item looks at beside ratings, last period's score, one's own last rating. Returns their heads."""
    known = [row for row in rows if standing.covers(row.participant.unit_id, *KNOWS)]
    columns = [
        *_values(round, item, known),
        *_counts(round, item, known),
        *_last(standing, round, item, rows, known),
    ]
    _records(round, item, known)
    shown = [(head, cells) for head, cells in columns if any(cells.values())]
    for row in rows:
        row.facts = [cells.get(row.subject, "") or "–" for _, cells in shown]
    return [head for head, _ in shown]


Column = tuple[str, dict[str, str]]


def _values(round: Round, item: str, rows: Sequence[GridRow]) -> list[Column]:
    concerned = concerns_of(round.version.plan, item).values
    subjects = [row.subject for row in rows]
    found = ValueEntry.objects.filter(round=round, subject__in=subjects, key__in=[key for key, _ in concerned]) if concerned else ()
    return [(name.tell(language()), {one.subject: one.text for one in found if one.key == key}) for key, name in concerned]


def _counts(round: Round, item: str, rows: Sequence[GridRow]) -> list[Column]:
    """How many records of each kind that concerns the item."""
    concerned = concerns_of(round.version.plan, item).records
    if not concerned:
        return []
    kept = _kept_records(round, rows).values_list("subject", "kind")
    counts = Counter(kept)
    return [(name.tell(language()), {row.subject: str(counts[row.subject, kind]) for row in rows}) for kind, name in concerned]


def _kept_records(round: Round, rows: Sequence[GridRow]) -> QuerySet[Record]:
    return Record.objects.filter(round=round, subject__in=[row.subject for row in rows], withdrawn=False)


def _last(standing: Standing, round: Round, item: str, rows: Sequence[GridRow], known: Sequence[GridRow]) -> list[Column]:
    """What the period before gave: the item's score of those whom the user leads, and the user's own rating of anybody."""
    assert standing.person is not None
    runs = earlier_runs(round)
    if not runs:
        return []
    last = runs[-1]
    results = Result.objects.filter(run=last, subject__in=[row.subject for row in known])
    scores = {one.subject: str(figure["shown"]) for one in results for figure in one.items if figure["id"] == item}
    mine = Rating.objects.filter(round=last.round_id, item=item, rater=standing.person.number, counts=True)
    given = {one.subject: rows[0].sheet.shown(one.text) for one in mine}
    return [(say("上期得分", "Last score"), scores), (say("上期您评", "Your last"), given)]


def _records(round: Round, item: str, rows: Sequence[GridRow]) -> None:
    """The latest records that concern the item, for the panel beside the grid; how many there are of other kinds."""
    kinds = {kind.key: kind for kind in record_kinds(round.version.plan)}
    concerned = {kind for kind, _ in concerns_of(round.version.plan, item).records}
    words = {(kind.key, field.key): dict(field.words) for kind in kinds.values() for field in kind.fields}
    found: dict[str, list[Record]] = {}
    for one in _kept_records(round, rows).order_by("-day", "id"):
        found.setdefault(one.subject, []).append(one)
    for row in rows:
        mine = [one for one in found.get(row.subject, []) if one.kind in kinds]
        listed = [one for one in mine if one.kind in concerned or one.note][:MOST_RECORDS]
        row.records = [_evidence(one, kinds[one.kind].name.tell(language()), words) for one in listed]
        others = Counter(one.kind for one in mine if one not in listed)
        row.others = [(kinds[kind].name.tell(language()), count) for kind, count in others.items()]


def _evidence(one: Record, kind: str, words: Mapping[tuple[str, str], Mapping[str, object]]) -> Evidence:
    told = [_word(words.get((one.kind, key), {}).get(str(cell)), str(cell)) for key, cell in one.cells.items()]
    return Evidence(one.day, kind, "，".join([*told, *([one.note] if one.note else [])]))


def _word(name: object, cell: str) -> str:
    teller = getattr(name, "tell", None)
    return cell if teller is None else str(teller(language()))


# --- self-assessment ------------------------------------------------------------------------------


@dataclass
class OwnItem:
    """One item of a self-assessment."""

    sheet: Sheet
    text: str = ""
    comment: str = ""
    at: datetime | None = None
    counts: bool = False


@dataclass
class SelfPage:
    """A self-assessment: the items that are rated, what was said, what counts."""

    round: Round
    participant: Participant
    items: list[OwnItem]
    due: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether it may be changed now."""
        return self.round.stage in OPEN

    @property
    def left(self) -> int:
        """How many items are open."""
        return sum(not item.text for item in self.items)


def self_page(standing: Standing, round: Round) -> SelfPage:
    """One's own self-assessment; not there where neither the round nor the scheme asks for it."""
    participant = round.participants.select_related("person", "unit").filter(person=standing.person).first() if standing.person else None
    if participant is None or round.stage in (Stage.DRAFT, Stage.AGREEING):
        raise Http404
    items = [item for item in _own_items(round, participant) if item.counts or round.self_assessment]
    if not items:
        raise Http404
    return SelfPage(round, participant, items, _due([round]).get(round.id))


def _own_items(round: Round, participant: Participant) -> Iterable[OwnItem]:
    plan, number = round.version.plan, participant.person.number
    said = {one.item: one for one in own_ratings(round) if one.subject == number}
    for rated in rated_items(plan, participant.role):
        sheet = sheet_of(plan, rated.key, participant.role)
        if sheet is not None:
            one = said.get(rated.key)
            text, comment = ("", "") if one is None else (sheet.shown(one.text), one.comment)
            yield OwnItem(sheet, text, comment, None if one is None else one.at, sheet.takes_self)


def asked_for_self(standing: Standing) -> list[Round]:
    """Rounds that ask the user to assess herself now."""
    if standing.person is None:
        return []
    rounds = Round.objects.filter(participants__person=standing.person, stage__in=OPEN).select_related("version__scheme")
    return [round for round in rounds if round.self_assessment or any(item.takes_self for item in rated_items(round.version.plan))]
