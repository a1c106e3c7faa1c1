"""Reading appeals, by whom: one's own, one's team's without money, those of one's rounds; and what each would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.crypto import salted_hmac

from kaohe_web.appeals.models import Appeal, AppealFile
from kaohe_web.corrections.changes import Change, Kind
from kaohe_web.corrections.effects import Difference, Effect, effect_between, effect_of, signed
from kaohe_web.corrections.facts import Event, Facts, Given, basis_facts, basis_of
from kaohe_web.engine.schemes import outline_of
from kaohe_web.engine.scoring import place_on, unpack
from kaohe_web.people.models import Right, User
from kaohe_web.people.standing import Standing
from kaohe_web.results.models import Card, Result, Run
from kaohe_web.results.queries import run_in_force
from kaohe_web.rounds.actions import appeal_ends
from kaohe_web.rounds.models import Round
from kaohe_web.rounds.queries import round_for, sees_money
from kaohe_web.rounds.stages import Stage
from kaohe_web.site.language import language

TOKEN = 16


def appeals_for(standing: Standing, state: str = "") -> QuerySet[Appeal]:
    """The appeals that the user may see, the newest first."""
    appeals = Appeal.objects.select_related(
        "result__participant__unit", "result__run__round__version", "by__person", "decided_by__person", "run"
    )
    appeals = appeals.filter(state=state) if state in set(Appeal.State) else appeals
    if standing.sees_all:
        return appeals
    mine = Q(pk__in=[])
    if standing.person is not None:
        mine |= Q(result__participant__person=standing.person)
    for right, path in (
        (Right.HR, "result__run__round__unit_id__in"),
        (Right.LEAD, "result__participant__unit_id__in"),
        (Right.MANAGER, "result__participant__unit_id__in"),
    ):
        units = standing.units(right)
        mine |= Q(pk__isnull=False) if units is None else Q(**{path: units})
    return appeals.filter(mine).distinct()


def appeal_for(standing: Standing, appeal_id: int) -> Appeal:
    """An appeal that the user may see; else it is not there."""
    found = appeals_for(standing).filter(pk=appeal_id).first()
    if found is None:
        raise Http404
    return found


def file_for(standing: Standing, appeal_id: int, file_id: int) -> AppealFile:
    """A file of an appeal that the user may see."""
    found = appeal_for(standing, appeal_id).files.filter(pk=file_id).first()
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class Figure:
    """One line of an effect: as it is, as it would be, by how much, and how that comes about."""

    kind: str
    name: object
    before: object
    after: object
    change: object = ""
    told: str = ""


@dataclass(frozen=True)
class Ruler:
    """Bands, and where somebody stands before and after."""

    bands: Sequence[Mapping[str, Any]]
    edges: Sequence[Mapping[str, Any]]
    ends: tuple[str, str]
    before: int
    after: int | None
    before_text: str
    after_text: str


@dataclass
class Told:
    """An effect as its page shows it to somebody: her own figures, money only by right, others only as a number unless she is of HR."""

    effect: Effect
    mine: Difference | None
    figures: list[Figure] = field(default_factory=list)
    ruler: Ruler | None = None
    others: list[Difference] = field(default_factory=list)
    money: bool = False

    @property
    def unchanged(self) -> int:
        """How many others stay as they are."""
        return self.effect.people - 1 - len(self.others)

    @property
    def done(self) -> bool:
        """Whether this is what a decision did, not what one would do."""
        return self.effect.scored is None and not self.effect.told


def card_of(result: Result) -> dict[str, Any]:
    """The frozen card of a result in the page's language, without money."""
    kept = Card.objects.filter(result=result, language=language()).first()
    if kept is None:
        raise Http404
    return dict(unpack(kept.body))


def told_effect(effect: Effect, subject: str, item: str, money: bool) -> Told:
    """An effect for one subject: her item, total, grade and, where allowed, money."""
    mine = effect.of(subject)
    told = Told(effect, mine, others=effect.others(subject), money=money)
    before = effect.run.results.filter(subject=subject).first()
    if before is None or (effect.scored is None and mine is None):
        return told
    card = card_of(before)
    if mine is not None:
        after = _card_after(effect, subject)
        told.figures = [*_items(card, after, mine), *_totals(mine), *(_money(effect.run, mine) if money else [])]
        told.ruler = _ruler(card, mine)
    return told


def _card_after(effect: Effect, subject: str) -> dict[str, Any]:
    """The card as it would be; empty where only the figures are kept."""
    if effect.scored is None:
        return {}
    body, _ = effect.scored.told(language(), "", (), provisional=False, ways=False).card(subject)
    return dict(body)


def _rows(card: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    rows = (card.get("items") or {}).get("rows", [])
    return dict(zip(card.get("parts", []), rows, strict=False))


def _items(card: Mapping[str, Any], after: Mapping[str, Any], mine: Difference) -> list[Figure]:
    rows, then = _rows(card), _rows(after)
    old, new = {one["id"]: one["exact"] for one in mine.before.items}, {one.id: one.exact for one in mine.after.items}
    found = []
    for one in mine.items:
        row, later = rows.get(one.key, {}), then.get(one.key, {})
        name = row.get("name") or later.get("name") or one.key
        found.append(
            Figure("item", name, *even(one.before, one.after), _change(old.get(one.key, ""), new.get(one.key, "")), later.get("told", ""))
        )
        amounts = str(row.get("amount") or ""), str(later.get("amount") or "")
        if all(amounts) and amounts[0] != amounts[1]:
            found.append(Figure("amount", name, *even(*amounts), _change(*amounts), str(row.get("weight", ""))))
    return found


def even(before: str, after: str) -> tuple[str, str]:
    """Two figures with as many decimals as the longer of them."""
    places = max(len(text.partition(".")[2]) for text in (before, after))
    return _padded(before, places), _padded(after, places)


def _padded(text: str, places: int) -> str:
    whole, _, part = text.partition(".")
    return f"{whole}.{part:0<{places}}" if places and whole.lstrip("\u2212").isdigit() else text


def _change(before: str, after: str) -> str:
    try:
        return signed(Fraction(after) - Fraction(before))
    except (ValueError, ZeroDivisionError):
        return ""


def _totals(mine: Difference) -> list[Figure]:
    found = [Figure("total", "", *even(mine.before.shown, mine.after.shown), mine.total_change)]
    if mine.before.grade or mine.after.grade:
        found.append(Figure("grade", "", mine.before.grade, mine.after.grade))
    if mine.before.rank != mine.after.rank:
        found.append(Figure("rank", "", str(mine.before.rank or ""), str(mine.after.rank or "")))
    return found


def _money(run: Run, mine: Difference) -> list[Figure]:
    names = dict(outline_of(run.plan).pay)
    return [Figure("money", names.get(one.line, one.line), one.before, one.after, one.change) for one in mine.money]


def _ruler(card: Mapping[str, Any], mine: Difference) -> Ruler | None:
    kept = card.get("ruler")
    if not kept or kept.get("mark") is None or not mine.after.total:
        return None
    low, high = (str(end) for end in kept["ends"])
    after = place_on(mine.after.total, low, high)
    return Ruler(kept["bands"], kept["edges"], (low, high), int(kept["mark"]["at"]), after, mine.before.shown, mine.after.shown)


# --- what an appeal is about ----------------------------------------------------------------------


@dataclass
class Aim:
    """What an appeal is about: the item, and within it one record, figure or rating."""

    target: str
    item: str
    ref: str
    name: object
    event: Event | None = None
    rating: Given | None = None
    figure: object = None

    @property
    def changes(self) -> list[Change]:
        """What upholding would do, where that is clear from the target alone."""
        if self.event is not None:
            return [Change(Kind.WITHDRAW, number=self.event.number)]
        return [] if self.rating is None else [Change(Kind.RATING, number=self.rating.number)]


@dataclass
class Basement:
    """An item with the facts beneath it, ready to be appealed or put right."""

    item: str
    name: object
    line: Mapping[str, Any]
    row: Mapping[str, Any]
    facts: Facts


def items_of(result: Result) -> list[Basement]:
    """The items of somebody's card with the facts beneath each."""
    card = card_of(result)
    lines = {line["id"]: line for line in card.get("lines", [])}
    found = []
    for key, row in _rows(card).items():
        line = lines.get(f"item.{key}", {})
        found.append(Basement(key, row["name"], line, row, basis_facts(result.run, result.subject, basis_of(line))))
    return found


def item_of(result: Result, item: str) -> Basement | None:
    """One item of a card; None where there is no such item."""
    card = card_of(result)
    row = _rows(card).get(item)
    if row is None:
        return None
    line: Mapping[str, Any] = next((line for line in card.get("lines", []) if line["id"] == f"item.{item}"), {})
    return Basement(item, row["name"], line, row, basis_facts(result.run, result.subject, basis_of(line)))


def token_of(result: Result, number: int) -> str:
    """A name for a rating that says nothing of who gave it or when."""
    return salted_hmac("kaohe.appeal", f"{result.run.round_id}:{result.subject}:{number}").hexdigest()[:TOKEN]


def aim_of(result: Result, item: Basement, target: str, ref: str) -> Aim | None:
    """What is appealed; None where the item rests on no such row. A rating is named by its token."""
    if target == Appeal.Target.ITEM:
        return Aim(target, item.item, "", item.name)
    if target == Appeal.Target.RECORD:
        event = next((one for one in item.facts.events if str(one.number) == ref), None)
        return None if event is None else Aim(target, item.item, ref, item.name, event=event)
    if target == Appeal.Target.VALUE:
        figure = next((one for one in item.facts.values if one.input == ref), None)
        return None if figure is None else Aim(target, item.item, ref, item.name, figure=figure)
    rating = next((one for one in item.facts.ratings if ref in (token_of(result, one.number), f"#{one.number}")), None)
    return None if rating is None else Aim(target, item.item, f"#{rating.number}", item.name, rating=rating)


# --- pages ----------------------------------------------------------------------------------------


@dataclass
class FormPage:
    """The form in which a subject appeals."""

    round: Round
    result: Result
    ends: datetime | None
    is_open: bool
    items: list[Basement]
    item: Basement | None = None
    aim: Aim | None = None
    told: Told | None = None


def form_page(standing: Standing, round_id: int, item: str, target: str, ref: str) -> FormPage:
    """What the subject may appeal in her result that holds now, and what upholding would change."""
    round = round_for(standing, round_id)
    run = run_in_force(round)
    person = standing.person
    if run is None or run.version is None or person is None:
        raise Http404
    result = run.results.filter(participant__person=person).select_related("run__round").first()
    if result is None:
        raise Http404
    ends = appeal_ends(round)
    is_open = round.stage == Stage.CONFIRMING and ends is not None and timezone.now() <= ends
    page = FormPage(round, result, ends, is_open, items_of(result))
    page.item = next((one for one in page.items if one.item == item), None)
    if page.item is not None:
        page.aim = aim_of(result, page.item, target, ref) or aim_of(result, page.item, Appeal.Target.ITEM, "")
    if page.aim is not None and page.aim.changes:
        page.told = told_effect(effect_of(run, page.aim.changes), result.subject, item, money=True)
    return page


DECIDED = {
    Appeal.State.UPHELD: ("支持申诉", "upheld"),
    Appeal.State.REJECTED: ("维持原结果", "the result stays"),
    Appeal.State.WITHDRAWN: ("撤回申诉", "withdrawn"),
    Appeal.State.OPEN: ("", ""),
}


def _who(user: User | None) -> str:
    person = None if user is None else user.person
    return "" if user is None else user.username if person is None else person.name


@dataclass
class AppealPage:
    """An appeal with what it rests on and what upholding would change."""

    appeal: Appeal
    round: Round
    latest: Run
    item: Basement | None
    aim: Aim | None
    is_own: bool
    may_decide: bool
    sees_others: bool
    money: bool
    files: list[AppealFile]
    due: datetime | None = None
    changes: list[Change] = field(default_factory=list)
    told: Told | None = None
    versions: list[Run] = field(default_factory=list)

    @property
    def next_version(self) -> int:
        """The number that a corrected version would have."""
        return (self.latest.version or 0) + 1

    @property
    def current(self) -> dict[str, object]:
        """Grade, total and money as they stand."""
        result = self.latest.results.filter(subject=self.appeal.result.subject).prefetch_related("pay").first() or self.appeal.result
        lines = list(result.pay.all())
        return {"grade": result.grade, "shown": result.shown, "fen": sum(line.fen for line in lines) if lines else None}

    @property
    def course(self) -> list[tuple[datetime | None, str, str, str]]:
        """What happened, in order: publication, the appeal, its decision, corrected versions."""
        appeal = self.appeal
        found = [
            (run.published_at, f"公布第{run.version}版结果", f"version {run.version} published", _who(run.by)) for run in self.versions
        ]
        files = len(self.files)
        found.append(
            (
                appeal.at,
                f"提交申诉，附{files}个文件" if files else "提交申诉",
                f"appeal sent, {files} files" if files else "appeal sent",
                _who(appeal.by),
            )
        )
        if appeal.decided_at is not None:
            zh, en = DECIDED[Appeal.State(appeal.state)]
            found.append((appeal.decided_at, zh, en, _who(appeal.decided_by)))
        return sorted(found, key=lambda one: str(one[0]))


def appeal_page(standing: Standing, appeal_id: int) -> AppealPage:
    """An appeal as the user may see it."""
    appeal = appeal_for(standing, appeal_id)
    round = appeal.result.run.round
    latest = run_in_force(round)
    if latest is None:
        raise Http404
    own = standing.person is not None and standing.person.number == appeal.result.subject
    hr = standing.covers(round.unit_id, Right.HR)
    current = latest.results.filter(subject=appeal.result.subject).select_related("run__round").first() or appeal.result
    item = item_of(current, appeal.item)
    deadline = round.deadlines.filter(stage=Stage.CONFIRMING).first()
    return AppealPage(
        appeal,
        round,
        latest,
        item,
        None if item is None else aim_of(current, item, appeal.target, appeal.ref),
        own,
        hr and not own and appeal.state == Appeal.State.OPEN,
        hr or standing.sees_all,
        own or sees_money(standing, round),
        list(appeal.files.all()),
        None if deadline is None else deadline.at,
        versions=list(round.runs.filter(version__isnull=False).order_by("version").defer("facts", "plan").select_related("by__person")),
    )


def with_effect(page: AppealPage, changes: Sequence[Change] | None) -> AppealPage:
    """The page with the effect of changes; without any asked for, of what the target itself suggests or what was decided."""
    appeal = page.appeal
    if appeal.state == Appeal.State.UPHELD and appeal.run is not None and appeal.run.replaces is not None:
        page.told = told_effect(effect_between(appeal.run.replaces, appeal.run), appeal.result.subject, appeal.item, page.money)
        return page
    if appeal.state != Appeal.State.OPEN:
        return page
    page.changes = list(changes) if changes is not None else ([] if page.aim is None else page.aim.changes)
    if page.changes:
        page.told = told_effect(effect_of(page.latest, page.changes), appeal.result.subject, appeal.item, page.money)
    return page
