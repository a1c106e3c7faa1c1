"""Where a lead's people stand in a round: hers alone, never herself, never a yuan; who rated what stays hidden."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404

from kaohe_web.collect.models import Duty, Rating
from kaohe_web.engine.boards import Data, Moved, aligned, heat, moved, seen, spread_data
from kaohe_web.engine.grids import relation_name
from kaohe_web.engine.scoring import unpack
from kaohe_web.people.models import Right, Unit
from kaohe_web.people.standing import Standing
from kaohe_web.rating.queries import Task, tasks_of
from kaohe_web.results.models import Card, Result, Run
from kaohe_web.results.queries import run_in_force
from kaohe_web.results.rows import earlier_runs
from kaohe_web.rounds.models import Round
from kaohe_web.rounds.stages import OPEN, PUBLIC, Stage
from kaohe_web.site.language import language, say

LEADS = (Right.LEAD, Right.MANAGER, Right.HR, Right.AUDITOR)
PAGE = 100
MOST_MOVED = 5
MOST_NOTES = 6
ASSESSED, INCOMPLETE = "assessed", "incomplete"


def rounds_of(standing: Standing) -> QuerySet[Round]:
    """Rounds in which people of the user's units take part, the latest first."""
    if not standing.has(*LEADS):
        raise Http404
    rounds = (
        Round.objects.exclude(stage__in=(Stage.DRAFT, Stage.AGREEING))
        .select_related("version", "unit")
        .defer("version__plan", "version__text")
    )
    units = standing.units(*LEADS)
    return rounds if units is None else rounds.filter(participants__unit_id__in=units).distinct()


@dataclass(frozen=True)
class Cell:
    """One item of one person: the figure, the class of its shade, whether somebody owes it."""

    text: str
    css: str = ""
    owed: bool = False
    told: str = ""


@dataclass
class Line:
    """One person of the board."""

    result: Result
    cells: list[Cell] = field(default_factory=list)
    total: str = ""
    last: str = ""
    move: Moved | None = None
    turn: str = ""
    is_mine: bool = False
    missing: str = ""
    there: int = 0
    warned: list[str] = field(default_factory=list)
    rate: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether there is a total."""
        return self.result.status == ASSESSED

    @property
    def is_incomplete(self) -> bool:
        """Whether somebody owes a fact."""
        return self.result.status == INCOMPLETE

    @property
    def why(self) -> str:
        """Why there is no total."""
        return say(self.result.why, self.result.why_en)


@dataclass
class Mover:
    """Somebody whose total moved."""

    result: Result
    before: str
    after: str
    move: Moved | None
    grades: tuple[str, str]


@dataclass
class Board:
    """Everything on a lead's board."""

    round: Round
    rounds: list[Round]
    units: list[Unit]
    run: Run | None
    items: dict[str, str] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    page: Page[Result] | None = None
    people: int = 0
    complete: int = 0
    incomplete: int = 0
    out: list[Result] = field(default_factory=list)
    grades: list[tuple[str, int]] = field(default_factory=list)
    lacking: list[tuple[str, int]] = field(default_factory=list)
    mine: list[Task] = field(default_factory=list)
    my_left: int = 0
    others: list[tuple[str, int]] = field(default_factory=list)
    spread: Data | None = None
    movers: list[Mover] = field(default_factory=list)
    unchanged: int = 0
    swings: list[Mover] = field(default_factory=list)
    warnings: list[tuple[str, str, str]] = field(default_factory=list)
    due: datetime | None = None
    others_left: int = 0

    @property
    def is_published(self) -> bool:
        """Whether these are final results."""
        return self.run is not None and self.run.version is not None and self.round.stage in PUBLIC

    @property
    def is_open(self) -> bool:
        """Whether facts may still change."""
        return self.round.stage in OPEN

    @property
    def everybody(self) -> int:
        """All of them, whether assessed or not."""
        return self.people + len(self.out)

    @property
    def span(self) -> int:
        """How many columns stand between the name and the state."""
        return len(self.items) + 2 + self.has_last

    @property
    def has_last(self) -> bool:
        """Whether a period before is known."""
        return any(line.last for line in self.lines)


def board_of(standing: Standing, round_id: int, asked: Mapping[str, str]) -> Board:
    """A round's board of the user's people, filtered as she asked."""
    rounds = list(rounds_of(standing)[:24])
    found = next((round for round in rounds if round.id == round_id), None) or rounds_of(standing).filter(pk=round_id).first()
    if found is None:
        raise Http404
    board = Board(found, rounds, _units(standing, found), run_in_force(found))
    board.mine = tasks_of(standing, found.id)
    board.my_left = sum(task.left for task in board.mine)
    board.due = board.mine[0].due if board.mine else _collected_by(found)
    if board.run is not None:
        _fill(board, standing, board.run, asked)
    return board


def _collected_by(round: Round) -> datetime | None:
    return round.deadlines.filter(stage=Stage.COLLECTING).values_list("at", flat=True).first()


def _units(standing: Standing, round: Round) -> list[Unit]:
    """The user's units that have people in the round."""
    units = standing.units(*LEADS)
    found = Unit.objects.filter(participant__round=round)
    return list((found if units is None else found.filter(pk__in=units)).distinct().order_by("code"))


def people_of(standing: Standing, run: Run, unit: str = "") -> QuerySet[Result]:
    """The results of the user's people, without herself."""
    results = run.results.filter(participant__isnull=False).select_related("participant__unit", "participant__person")
    units = standing.units(*LEADS)
    results = results if units is None else results.filter(participant__unit_id__in=units)
    results = results if standing.person is None else results.exclude(participant__person=standing.person)
    return results.filter(participant__unit__code=unit) if unit else results


def _fill(board: Board, standing: Standing, run: Run, asked: Mapping[str, str]) -> None:
    everybody = list(people_of(standing, run, asked.get("unit", "")))
    board.people = sum(one.status in (ASSESSED, INCOMPLETE) for one in everybody)
    board.complete = sum(one.status == ASSESSED for one in everybody)
    board.incomplete = board.people - board.complete
    board.out = [one for one in everybody if one.status not in (ASSESSED, INCOMPLETE)]
    board.grades = sorted(Counter(one.grade for one in everybody if one.grade).items())
    board.spread = spread_data(board.round.version.plan, [one.total for one in everybody if one.total], language())
    turns = _turns(standing, run, everybody)
    board.page = Paginator(sorted(_asked(everybody, turns, asked), key=_order), PAGE).get_page(asked.get("page"))
    board.lines = _lines(board, list(board.page), turns)
    _tell_owed(board, everybody, turns)
    _tell_moves(board, standing, run, everybody)
    board.warnings = _warnings(board.round, everybody)


def _order(result: Result) -> tuple[int, int, str]:
    """Totals from the highest down, then who is incomplete, then who is not assessed."""
    kind = 0 if result.status == ASSESSED else 1 if result.status == INCOMPLETE else 2
    return kind, result.key or 0, result.subject


def _asked(everybody: Sequence[Result], turns: Mapping[str, Turn], asked: Mapping[str, str]) -> list[Result]:
    """Those whom the filters leave."""
    show, grade, name = asked.get("show", ""), asked.get("grade", ""), asked.get("name", "").strip().lower()
    kept = list(everybody)
    if show in (ASSESSED, INCOMPLETE):
        kept = [one for one in kept if one.status == show]
    if show == "mine":
        kept = [one for one in kept if one.subject in turns and turns[one.subject].is_mine]
    if grade:
        kept = [one for one in kept if one.grade == grade]
    return [one for one in kept if name in one.name.lower() or name in one.subject.lower()] if name else kept


# --- lines ----------------------------------------------------------------------------------------


def _lines(board: Board, results: Sequence[Result], turns: Mapping[str, Turn]) -> list[Line]:
    """The page's people with their items, from the cards that were told without money."""
    bodies = {card.result_id: unpack(card.body) for card in Card.objects.filter(result__in=results, language=language()).defer("money")}
    last = _last_totals(board.round, results)
    rows = {result.id: _items(bodies.get(result.id, {})) for result in results}
    board.items = {id: row["name"] for items in rows.values() for id, row in items.items()}
    lines = [_line(board, result, rows[result.id], last.get(result.subject, ""), turns.get(result.subject)) for result in results]
    _align(lines, len(board.items))
    return lines


def _items(body: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """A card's items by their ids."""
    return dict(zip(body.get("parts", []), (body.get("items") or {}).get("rows", []), strict=False))


def _line(board: Board, result: Result, items: Mapping[str, Mapping[str, Any]], last: str, turn: Turn | None) -> Line:
    plan = board.round.version.plan
    line = Line(result, [_cell(items.get(id)) for id in board.items], seen(plan, result.total), seen(plan, last))
    line.move = moved(last, result.total) if result.total and last else None
    owed = [row["name"] for row in items.values() if row["state"] == "owed"]
    line.missing, line.there = say("、", ", ").join(owed), len(items) - len(owed)
    if result.status == INCOMPLETE:
        line.turn, line.is_mine, line.rate = _turn_words(turn, board)
    return line


def _align(lines: Sequence[Line], items: int) -> None:
    """Every column with as many decimals as its longest figure."""
    totals, lasts = aligned([line.total for line in lines]), aligned([line.last for line in lines])
    columns = [aligned([line.cells[place].text for line in lines]) for place in range(items)]
    for place, line in enumerate(lines):
        line.total, line.last = totals[place], lasts[place]
        line.cells = [replace(cell, text=column[place]) for cell, column in zip(line.cells, columns, strict=True)]


def _cell(row: Mapping[str, Any] | None) -> Cell:
    if row is None:
        return Cell("")
    if row["state"] == "owed":
        return Cell("", owed=True, told=row["told"])
    return Cell(_short(row["points"]) or row["word"] or "–", heat(row.get("bar")), told=row["told"])


def _short(points: str) -> str:
    """A figure without the zeros that its own card put behind it."""
    return points.rstrip("0").rstrip(".") if "." in points else points


def _last_totals(round: Round, results: Sequence[Result]) -> dict[str, str]:
    """Totals of the period before, by subject."""
    runs = earlier_runs(round)
    if not runs:
        return {}
    found = Result.objects.filter(run=runs[-1], subject__in=[one.subject for one in results]).exclude(total="")
    return dict(found.values_list("subject", "total"))


# --- whose turn it is -----------------------------------------------------------------------------


@dataclass
class Turn:
    """What somebody still waits for: the user's own ratings, and other parties by what they are, never by name."""

    mine: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    given_since: bool = False

    @property
    def is_mine(self) -> bool:
        """Whether the user owes something."""
        return bool(self.mine)


def _turns(standing: Standing, run: Run, results: Sequence[Result]) -> dict[str, Turn]:
    """The open ratings of those who are incomplete, and whether some were given since the preview."""
    waiting = {one.subject for one in results if one.status == INCOMPLETE}
    if not waiting:
        return {}
    mine = "" if standing.person is None else standing.person.number
    kept = Rating.objects.filter(round=run.round_id, counts=True, subject__in=waiting)
    given = {(item, subject, rater): at for item, subject, rater, at in kept.values_list("item", "subject", "rater", "at")}
    duties = Duty.objects.filter(round=run.round_id, subject__person__number__in=waiting)
    found: dict[str, Turn] = {}
    for item, subject, rater, relation in duties.values_list("item", "subject__person__number", "rater__number", "relation").order_by("id"):
        turn, at = found.setdefault(subject, Turn()), given.get((item, subject, rater))
        if at is not None:
            turn.given_since |= at > run.at
        elif rater == mine:
            turn.mine.append(item)
        else:
            turn.others.append(relation_name(run.round.version.plan, relation).tell(language()))
    return found


def _turn_words(turn: Turn | None, board: Board) -> tuple[str, bool, str]:
    """Whose turn it is, whether it is the user's, and where she rates."""
    if turn is None:
        return say("等数据", "facts owed"), False, ""
    if turn.mine:
        return say("等您评分", "your turn"), True, f"/rate/{board.round.id}/{turn.mine[0]}/"
    names = list(dict.fromkeys(name for name in turn.others if name))
    if not names and turn.given_since:
        return say("已补评，待重算", "rated since, to be scored again"), False, ""
    return say(f"等{'、'.join(names)}", f"waiting: {', '.join(names)}") if names else say("等数据", "facts owed"), False, ""


def _tell_owed(board: Board, everybody: Sequence[Result], turns: Mapping[str, Turn]) -> None:
    """How many lack what, and how many ratings wait for others."""
    lacking = Counter(say(one.why, one.why_en) for one in everybody if one.status == INCOMPLETE)
    board.lacking = lacking.most_common()
    others = Counter(name for turn in turns.values() for name in turn.others)
    board.others, board.others_left = others.most_common(), others.total()


# --- what moved -----------------------------------------------------------------------------------


def _tell_moves(board: Board, standing: Standing, run: Run, everybody: Sequence[Result]) -> None:
    """Whose total moved since the preview before, and who moved most since the period before."""
    last = _last_totals(board.round, everybody)
    plan = board.round.version.plan
    swings = [_mover(plan, one, last.get(one.subject, ""), "") for one in everybody if one.total and last.get(one.subject)]
    moving = [one for one in swings if one.move is not None and one.move.rose is not None]
    board.swings = sorted(moving, key=_far)[:MOST_MOVED]
    before = None if run.version is not None else _preview_before(run)
    if before is not None:
        earlier = {one.subject: one for one in people_of(standing, before)}
        pairs = [(one, earlier[one.subject]) for one in everybody if one.subject in earlier]
        changed = [(one, was) for one, was in pairs if (one.total, one.grade, one.status) != (was.total, was.grade, was.status)]
        board.movers = [_mover(plan, one, was.total, was.grade) for one, was in changed][:MOST_MOVED]
        board.unchanged = len(pairs) - len(changed)


def _far(mover: Mover) -> tuple[Fraction, str]:
    assert mover.move is not None
    return -mover.move.far, mover.result.subject


def _mover(plan: str, result: Result, before: str, grade: str) -> Mover:
    waiting = say("未定", "open")
    told = aligned([seen(plan, before) or waiting, seen(plan, result.total) or waiting])
    return Mover(result, told[0], told[1], moved(before, result.total), (grade, result.grade))


def _preview_before(run: Run) -> Run | None:
    return Run.objects.filter(round=run.round_id, version__isnull=True, told=True, pk__lt=run.pk).order_by("-id").first()


def _warnings(round: Round, everybody: Iterable[Result]) -> list[tuple[str, str, str]]:
    """What the scheme warns of, by person."""
    return [(one.name, one.subject, word) for one in everybody for word in one.warnings][:MOST_NOTES]
