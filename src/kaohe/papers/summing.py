"""A round added up for whoever answers for it: counts, means, grades, teams, who moved, what is open.

Every figure is exact; people are listed in full, and it is the papers that cut long lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from kaohe.papers.rounds import Round
from kaohe.papers.scales import Spread, spread_of
from kaohe.scoring import ASSESSED, INCOMPLETE, Scorecard


@dataclass(frozen=True)
class ItemMean:
    """One item over everybody who has a score in it; `full` is what it gives at most, where it is bounded."""

    item: str
    count: int
    mean: Fraction
    least: Fraction
    most: Fraction
    full: Fraction | None

    @property
    def share(self) -> Fraction | None:
        """The mean as a share of the full score."""
        return None if self.full is None or self.full <= 0 else self.mean / self.full


@dataclass(frozen=True)
class TeamSum:
    """One team, or everybody: how many, with results, their mean total, their grades, and the sum of each pay line."""

    team: str
    people: int
    complete: int
    mean: Fraction | None
    grades: dict[str, int]
    pay: dict[str, Fraction]


@dataclass(frozen=True)
class Move:
    """Somebody's total beside that of the period before."""

    subject: str
    before: Fraction
    now: Fraction
    grade_before: str
    grade: str

    @property
    def by(self) -> Fraction:
        """By how much it moved."""
        return self.now - self.before


@dataclass(frozen=True)
class Open:
    """One thing that is open or follows, and whom it concerns: what lacks, an action, a warning."""

    kind: str
    text: str
    clause: str
    subjects: tuple[str, ...]


class Summary:
    """Everything that a summary tells of one round."""

    def __init__(self, paper: Round) -> None:
        self.paper = paper

    @cached_property
    def cards(self) -> list[Scorecard]:
        """Everybody's results."""
        return list(self.paper.cards.values())

    @cached_property
    def everybody(self) -> TeamSum:
        """The whole round."""
        return self._sum("", self.cards)

    @cached_property
    def teams(self) -> list[TeamSum]:
        """Each team; none where the scheme knows no teams, or all are of one."""
        teams = self.paper.teams
        return [self._sum(team, cards) for team, cards in teams.items()] if len(teams) > 1 else []

    def _sum(self, team: str, cards: Sequence[Scorecard]) -> TeamSum:
        totals = [total for card in cards if (total := self.paper.exact_total(card.subject)) is not None]
        complete = sum(card.status == ASSESSED for card in cards)
        return TeamSum(team, len(cards), complete, mean_of(totals), self._grades(cards), self._pay(cards))

    def _grades(self, cards: Iterable[Scorecard]) -> dict[str, int]:
        """How many have each grade, the best first; none where the scheme shows no grades."""
        grades = self.paper.plan.scheme.grades
        if grades is None or not grades.shown:
            return {}
        counts = dict.fromkeys(grades.rows, 0)
        for card in cards:
            if card.grade is not None:
                counts[card.grade] += 1
        return counts

    def _pay(self, cards: Iterable[Scorecard]) -> dict[str, Fraction]:
        sums: dict[str, Fraction] = {}
        for card in cards:
            for line, amount in card.pay.items():
                if isinstance(amount, Fraction):
                    sums[line] = sums.get(line, Fraction(0)) + amount
        return sums

    @cached_property
    def totals(self) -> list[Fraction]:
        """Every total that there is, before it is reported."""
        return [total for card in self.cards if (total := self.paper.exact_total(card.subject)) is not None]

    @cached_property
    def spread(self) -> Spread | None:
        """The distribution of the totals; None for fewer than five."""
        return spread_of(self.totals, self.paper.scale)

    @cached_property
    def grades_before(self) -> dict[str, int]:
        """How many had each grade in the period before; empty where that is not known."""
        last = self.paper.back.last
        known = set(self.everybody.grades)
        if last is None or not last.grades or not set(last.grades.values()) <= known:
            return {}
        return {grade: sum(other == grade for other in last.grades.values()) for grade in self.everybody.grades}

    # --- items --------------------------------------------------------------------------------

    @cached_property
    def items(self) -> list[ItemMean]:
        """Each item's mean over those who have it, in the scheme's order."""
        found: dict[str, list[Fraction]] = {}
        for card in self.cards:
            for item, points in card.items.items():
                if isinstance(points, Fraction):
                    found.setdefault(item, []).append(points)
        return [self._item(item, found[item]) for item in self.paper.plan.scheme.items if item in found]

    def _item(self, item: str, points: list[Fraction]) -> ItemMean:
        high = self.paper.plan.nodes[f"item.{item}"].high
        mean = sum(points, Fraction(0)) / len(points)
        return ItemMean(item, len(points), mean, min(points), max(points), None if high is None else Fraction(high))

    # --- people -------------------------------------------------------------------------------

    @cached_property
    def ranked(self) -> list[Scorecard]:
        """Those who have a place, the first place first."""
        return sorted((card for card in self.cards if card.rank is not None), key=lambda card: card.rank or 0)

    @cached_property
    def moves(self) -> list[Move]:
        """Everybody with a total now and in the period before, the greatest rise first."""
        last = self.paper.back.last
        if last is None:
            return []
        found = [self._move(card.subject, last.totals[card.subject]) for card in self.cards if card.subject in last.totals]
        return sorted((move for move in found if move is not None), key=lambda move: (-move.by, move.subject))

    def _move(self, subject: str, before: Fraction) -> Move | None:
        now, last = self.paper.exact_total(subject), self.paper.back.last
        if now is None or last is None:
            return None
        return Move(subject, before, now, last.grades.get(subject, ""), self.paper.cards[subject].grade or "")

    # --- what is open -------------------------------------------------------------------------

    @cached_property
    def lacking(self) -> list[Open]:
        """What somebody owes, and for whom, what lacks most first."""
        found: dict[str, list[str]] = {}
        for card in self.cards:
            for missing in card.missing if card.status == INCOMPLETE else ():
                found.setdefault(missing, []).append(card.subject)
        words = {id: self.paper.labels.missing_one(id) for id in found}
        items = self.paper.plan.scheme.items
        clauses = {id: items[id].clause if id in items else "" for id in found}
        kept = [Open("lacking", words[id], clauses[id], tuple(subjects)) for id, subjects in found.items()]
        return sorted(kept, key=lambda one: -len(one.subjects))

    @cached_property
    def out(self) -> list[Open]:
        """Who is not appraised, by reason."""
        found: dict[str, list[str]] = {}
        for card in self.cards:
            if card.status not in (ASSESSED, INCOMPLETE):
                found.setdefault(self.paper.labels.why(card) or self.paper.labels.status(card), []).append(card.subject)
        return [Open("out", why, "", tuple(subjects)) for why, subjects in found.items()]

    @cached_property
    def actions(self) -> list[Open]:
        """Each action that follows for somebody, in the scheme's order."""
        scheme, labels = self.paper.plan.scheme, self.paper.labels
        kept = [(id, tuple(card.subject for card in self.cards if id in card.actions)) for id in scheme.actions]
        return [Open("action", labels.action(id), scheme.actions[id].clause, subjects) for id, subjects in kept if subjects]

    @cached_property
    def warnings(self) -> list[Open]:
        """Each warning that is told of somebody, in the scheme's order."""
        scheme, labels = self.paper.plan.scheme, self.paper.labels
        kept = [(id, tuple(card.subject for card in self.cards if id in card.warnings)) for id in scheme.warnings]
        return [Open("warning", labels.warning(id), scheme.warnings[id].clause, subjects) for id, subjects in kept if subjects]


def mean_of(values: Sequence[Fraction]) -> Fraction | None:
    """The mean; None of nothing."""
    return sum(values, Fraction(0)) / len(values) if values else None
