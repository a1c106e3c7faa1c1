"""One run with all that papers need of it, prepared once: names, groups, scales, what came before, and what is wished for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from kaohe.explaining.names import Names
from kaohe.facts import RawFacts
from kaohe.labels import Labels
from kaohe.numbers import write_number
from kaohe.papers.contributing import Makings
from kaohe.papers.earlier import LookBack
from kaohe.papers.figures import period_words, read_shown, shown
from kaohe.papers.scales import FEWEST_TO_SHOW, Scale, Spread, scale_of_totals, spread_of
from kaohe.plan import PEOPLE, Plan
from kaohe.problems import Language
from kaohe.scoring import ASSESSED, INCOMPLETE, Results, Scorecard
from kaohe.texts import Text


@dataclass(frozen=True)
class Wishes:
    """What is to stand on paper.

    `money` stands nowhere unless it is wished for. `provisional` says that the round is not final,
    whoever is complete or not. `ways` searches the facts that would do for the next grade, which
    takes a scoring for each of them.
    """

    language: Language = "zh"
    company: str = ""
    money: bool = False
    provisional: bool = False
    ways: bool = True


@dataclass(frozen=True)
class Round:
    """One run: its results, the facts as they were read, the wishes, and what came before."""

    results: Results
    raw: RawFacts
    wishes: Wishes = Wishes()
    back: LookBack = field(default_factory=LookBack)

    @property
    def plan(self) -> Plan:
        """The plan that scored."""
        return self.results.plan

    @property
    def language(self) -> Language:
        """The language of the papers."""
        return self.wishes.language

    def say(self, zh: str, en: str) -> str:
        """The words of the papers' language."""
        return zh if self.language == "zh" else en

    def tell(self, text: Text) -> str:
        """A text in the papers' language."""
        return text.tell(self.language)

    @property
    def stop(self) -> str:
        """What parts the members of a list."""
        return self.say("；", "; ")

    @cached_property
    def labels(self) -> Labels:
        """The names of items, grades, pay lines, statuses."""
        return Labels(self.plan, self.language)

    @cached_property
    def names(self) -> Names:
        """The names of facts and of the words in them."""
        return Names(self.plan, self.language)

    @cached_property
    def makings(self) -> Makings:
        """Reads how a total comes about."""
        return Makings(self.results, self.language)

    @cached_property
    def scale(self) -> Scale:
        """The scale of the totals."""
        return scale_of_totals(self.plan)

    # --- headings -----------------------------------------------------------------------------

    @cached_property
    def scheme_words(self) -> str:
        """The scheme and its version."""
        scheme = self.plan.scheme
        name = scheme.name.tell(self.language)
        return self.say(f"《{name}》第{scheme.version}版", f"{name}, version {scheme.version}")

    @cached_property
    def period(self) -> str:
        """The period in words; empty where the facts name none."""
        facts = self.results.facts
        return period_words(facts.start, facts.end, self.language)

    @property
    def dated(self) -> str | None:
        """The day up to which the facts were known, which is the papers' date."""
        facts = self.results.facts
        return facts.as_of.isoformat() if facts.as_of.year > 1 else None

    @cached_property
    def foot(self) -> str:
        """What stands at the foot of every page."""
        return " · ".join(part for part in (self.wishes.company, self.scheme_words, self.period) if part)

    # --- people -------------------------------------------------------------------------------

    @cached_property
    def cards(self) -> dict[str, Scorecard]:
        """Everybody's results, in the order of the facts; units have none of these."""
        return {subject: self.results.scorecard(subject) for subject in self.results.subjects() if subject not in self.unit_members}

    @cached_property
    def unit_members(self) -> frozenset[str]:
        """The units that have results of their own."""
        shown = [name for name, unit in self.plan.scheme.units.items() if unit.results]
        return frozenset(member for name in shown for member in self.results.facts.units[name])

    def row(self, subject: str) -> int:
        """A person's row."""
        return self.results.facts.row_of(subject)

    def total(self, subject: str) -> Fraction | None:
        """Somebody's total as reported."""
        total = self.cards[subject].total
        return total if isinstance(total, Fraction) else None

    def exact_total(self, subject: str) -> Fraction | None:
        """Somebody's total before it is reported."""
        total = self.cards[subject].exact.get("total")
        return total if isinstance(total, Fraction) else self.total(subject)

    @cached_property
    def status_order(self) -> tuple[str, ...]:
        """Statuses that somebody has: assessed, incomplete, then the scheme's own."""
        first = (ASSESSED, INCOMPLETE)
        found = {card.status for card in self.cards.values()}
        return (*(status for status in first if status in found), *sorted(found - set(first)))

    def with_status(self, status: str) -> list[Scorecard]:
        """Everybody of a status."""
        return [card for card in self.cards.values() if card.status == status]

    # --- teams --------------------------------------------------------------------------------

    @cached_property
    def team_column(self) -> str | None:
        """The column of people by which they are parted: what the scheme's groups go by, else its units, else a choice among words."""
        people, scheme = self.plan.scheme.people, self.plan.scheme
        by_groups = [key for group in scheme.groups.values() for key in (group.others_of, group.all_of) if key]
        by_units = [unit.by for unit in scheme.units.values() if unit.by]
        chosen = [name for name, declared in people.items() if declared.kind == "words"]
        return next((key for key in (*by_groups, *by_units, *chosen) if key in people and self._is_filled(key)), None)

    def _is_filled(self, column: str) -> bool:
        return any(self.attribute(subject, column) for subject in self.cards)

    def attribute(self, subject: str, column: str) -> str:
        """What the facts say of a person, as people call it; empty for nothing."""
        name = f"person.{column}"
        found = self.results.facts.frames[PEOPLE].columns.get(name)
        word = None if found is None else found[self.row(subject)]
        return self.names.word(["fact", name], PEOPLE, word) if isinstance(word, str) else ""

    def team(self, subject: str) -> str:
        """Somebody's team; empty where the scheme knows none."""
        return "" if self.team_column is None else self.attribute(subject, self.team_column)

    @cached_property
    def team_word(self) -> str:
        """What the scheme calls what people are parted by."""
        return "" if self.team_column is None else self.names.fact(PEOPLE, f"person.{self.team_column}")

    @cached_property
    def teams(self) -> dict[str, list[Scorecard]]:
        """Everybody by team, in the order in which teams first appear; the teamless at the end, under an empty name."""
        found: dict[str, list[Scorecard]] = {}
        for subject, card in self.cards.items():
            found.setdefault(self.team(subject), []).append(card)
        return {team: found[team] for team in sorted(found, key=lambda team: team == "")}

    def post(self, card: Scorecard) -> str:
        """Somebody's post: the role, else the form by which she is appraised."""
        word = self.results.facts.frames[PEOPLE].columns["person.role"][self.row(card.subject)]
        role = self.names.of("role", word) if isinstance(word, str) else ""
        return role or self.labels.form(card.form)

    # --- comparisons --------------------------------------------------------------------------

    def spread(self, card: Scorecard) -> tuple[str, Spread] | None:
        """The distribution that somebody's total is seen in, with the name of the group; None where too few are in it.

        The team's, of those appraised by the same form, where it has five totals; else the form's.
        """
        for key in ((card.form, self.team(card.subject)), (card.form, None)):
            found = self._spreads.get(key)
            if found is not None and (key[1] or key[1] is None):
                return self._group_name(*key), found
        return None

    @cached_property
    def _spreads(self) -> dict[tuple[str | None, str | None], Spread]:
        totals: dict[tuple[str | None, str | None], list[Fraction]] = {}
        for subject, card in self.cards.items():
            total = self.exact_total(subject)
            if total is not None:
                for team in (self.team(subject), None):
                    totals.setdefault((card.form, team), []).append(total)
        found = {key: spread_of(group, self.scale) for key, group in totals.items() if len(group) >= FEWEST_TO_SHOW}
        return {key: spread for key, spread in found.items() if spread is not None}

    def _group_name(self, form: str | None, team: str | None) -> str:
        return team or self.labels.form(form) or self.say("全体", "everybody")

    def grade(self, grade: str, short: bool = False) -> str:
        """A grade as people call it: a letter with its name, a longer word by its name alone."""
        full = self.labels.grade(grade)
        if len(grade) <= 2:
            return grade if short else full
        return full.removeprefix(f"{grade} ")

    def band_words(self, grade: str) -> str:
        """The totals that have a grade, where it goes by an edge of the total: `80 ≤ total < 90`."""
        band = next((band for band in self.scale.bands if band.grade == grade), None)
        total = self.say("总分", "total")
        if band is None or (band.low is None and band.high is None):
            return ""
        low = "" if band.low is None else shown(band.low)
        high = "" if band.high is None else shown(band.high)
        above = ("<", ">") if band.low is not None and self.scale.is_below(band.low) else ("≤", "≥")
        below = "≤" if band.high is not None and self.scale.is_below(band.high) else "<"
        if low and high:
            return f"{low} {above[0]} {total} {below} {high}"
        return f"{total} {above[1]} {low}" if low else f"{total} {below} {high}"

    def grades_between(self, low: Fraction, high: Fraction) -> list[str]:
        """The grades that totals from `low` to `high` may have, from the lowest up."""
        lowest, highest = self.scale.grade(low), self.scale.grade(high)
        grades = [band.grade for band in self.scale.bands]
        if lowest not in grades or highest not in grades:
            return []
        return [self.grade(grade) for grade in grades[grades.index(lowest) : grades.index(highest) + 1]]

    def seen_total(self, total: Fraction, places: int | None = None) -> str:
        """A total for the eye; in full where four decimals would put it on the wrong side of an edge.

        A reported total stands as it is reported, and its grade beside it is that of the exact one.
        """
        seen = shown(total, places)
        return seen if self.scale.seems(total, read_shown(seen)) else write_number(total)

    def figure(self, value: Fraction) -> str:
        """A figure for a sentence."""
        return shown(value)

    def joined(self, words: Iterable[str]) -> str:
        """Words in a row."""
        return self.labels.join(words)
