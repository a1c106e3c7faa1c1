"""What a new version does to people: the same facts scored by both, and whose total, grade or pay becomes another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from kaohe.labels import Labels
from kaohe.numbers import write_number
from kaohe.problems import Language
from kaohe.scoring import Results, Scorecard, Value
from kaohe.showing import NOTHING, pay_sums, tell_money, tell_value


@dataclass(frozen=True)
class Effect:
    """One subject under both versions; None where one of them does not appraise her."""

    subject: str
    name: str
    old: Scorecard | None
    new: Scorecard | None

    @property
    def matters(self) -> bool:
        """Whether total, grade, status or pay differ."""
        if self.old is None or self.new is None:
            return True
        return _outcome(self.old) != _outcome(self.new)


def _outcome(card: Scorecard) -> tuple[object, ...]:
    """What a subject notices of a scorecard."""
    return (card.total, card.grade, card.status, dict(card.pay))


@dataclass(frozen=True)
class Effects:
    """Everybody under both versions."""

    old: Results
    new: Results
    every: tuple[Effect, ...]

    @property
    def changed(self) -> tuple[Effect, ...]:
        """Those to whom something happens."""
        return tuple(effect for effect in self.every if effect.matters)

    def pay(self) -> dict[str, tuple[Fraction, Fraction]]:
        """The sum of each pay line under both versions, where they differ."""
        one, other = (pay_sums(_cards(results).values()) for results in (self.old, self.new))
        both = {line: (one.get(line, Fraction(0)), other.get(line, Fraction(0))) for line in dict.fromkeys((*one, *other))}
        return {line: sums for line, sums in both.items() if sums[0] != sums[1]}

    def as_data(self) -> dict[str, object]:
        """The effects as plain data; figures as exact text."""
        return {
            "subjects": len(self.every),
            "changed": [_effect_data(effect) for effect in self.changed],
            "pay_sums": {line: _sums_data(*sums) for line, sums in self.pay().items()},
        }


def effects(old: Results, new: Results) -> Effects:
    """Everybody whom either version appraises, under both."""
    one, other = _cards(old), _cards(new)
    subjects = dict.fromkeys((*one, *other))
    names = {subject: (other.get(subject) or one[subject]).name for subject in subjects}
    return Effects(old, new, tuple(Effect(subject, names[subject], one.get(subject), other.get(subject)) for subject in subjects))


def _cards(results: Results) -> Mapping[str, Scorecard]:
    return {subject: results.scorecard(subject) for subject in results.subjects()}


def _sums_data(one: Fraction, other: Fraction) -> dict[str, str]:
    return {"old": write_number(one), "new": write_number(other), "more": write_number(other - one)}


def _effect_data(effect: Effect) -> dict[str, object]:
    return {"subject": effect.subject, "name": effect.name, "old": _card_data(effect.old), "new": _card_data(effect.new)}


def _card_data(card: Scorecard | None) -> dict[str, object] | None:
    if card is None:
        return None
    pay = {line: exact(amount) for line, amount in card.pay.items()}
    return {"status": card.status, "total": exact(card.total), "grade": card.grade, "pay": pay}


def exact(value: Value) -> str | None:
    """A figure as exact text."""
    return write_number(value) if isinstance(value, Fraction) else None if value is None else str(value)


# --- in words -----------------------------------------------------------------------------------


def subject_rows(found: Effects, language: Language) -> Iterator[list[str]]:
    """A row for each figure of each changed subject: who, what, before, after, how much more."""
    before, after = Labels(found.old.plan, language), Labels(found.new.plan, language)
    for effect in found.changed:
        for what, old, new, more in _figures(effect, before, after, language):
            if old != new:
                yield [effect.name, effect.subject, what, old, new, more]


def pay_rows(found: Effects, language: Language) -> Iterator[list[str]]:
    """A row for each pay line whose sum differs: before, after, how much more."""
    before, after = Labels(found.old.plan, language), Labels(found.new.plan, language)
    for line, (one, other) in found.pay().items():
        yield [_line_name(line, before, after), tell_money(one), tell_money(other), _more(one, other)]


def _figures(effect: Effect, before: Labels, after: Labels, language: Language) -> Iterator[tuple[str, str, str, str]]:
    """Status, total, grade and pay of one subject under both versions."""
    one, other = effect.old, effect.new
    yield after.heading("status"), _status(before, one), _status(after, other), ""
    old_total, new_total = (None if card is None else card.total for card in (one, other))
    yield after.heading("total"), tell_value(old_total, language), tell_value(new_total, language), _more(old_total, new_total)
    yield after.heading("grade"), _grade(before, one), _grade(after, other), ""
    old_pay, new_pay = ({} if card is None else dict(card.pay) for card in (one, other))
    for line in dict.fromkeys((*new_pay, *old_pay)):
        old, new = old_pay.get(line), new_pay.get(line)
        yield _line_name(line, before, after), _amount(old), _amount(new), _more(old, new)


def _line_name(line: str, before: Labels, after: Labels) -> str:
    name = after.pay(line)
    return name if name != line else before.pay(line)


def _status(labels: Labels, card: Scorecard | None) -> str:
    return NOTHING if card is None else labels.status(card)


def _grade(labels: Labels, card: Scorecard | None) -> str:
    return labels.grade(None if card is None else card.grade) or NOTHING


def _amount(amount: Value) -> str:
    return tell_money(amount) if isinstance(amount, Fraction) else NOTHING


def _more(one: Value, other: Value) -> str:
    """How much more it is now."""
    if not isinstance(one, Fraction) or not isinstance(other, Fraction):
        return ""
    return f"{'+' if other > one else ''}{tell_money(other - one)}"
