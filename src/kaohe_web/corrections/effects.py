"""What a correction would do, before it is done: everybody's figures as they are and as they would be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from kaohe_web.corrections.changes import Change, Kind, applied
from kaohe_web.engine.facts import Rows
from kaohe_web.engine.schemes import outline_of
from kaohe_web.engine.scoring import Amount, Figure, Outcome, Scored, score_rows
from kaohe_web.engine.telling import Told
from kaohe_web.library.models import SchemeVersion
from kaohe_web.results.actions import figures_of
from kaohe_web.results.models import Result, Run


@dataclass(frozen=True)
class Money:
    """A pay line before and after, in fen; None where there is no such line."""

    line: str
    before: int | None
    after: int | None

    @property
    def change(self) -> int:
        """How much more is due."""
        return (self.after or 0) - (self.before or 0)


@dataclass(frozen=True)
class Item:
    """An item's score before and after."""

    key: str
    before: str
    after: str


@dataclass(frozen=True)
class Difference:
    """Somebody whose figures would change."""

    before: Result
    after: Outcome
    items: tuple[Item, ...]
    money: tuple[Money, ...]

    @property
    def total_change(self) -> str:
        """By how much the total would change, with its sign, exactly; empty where one of the two is missing."""
        if not self.before.total or not self.after.total:
            return ""
        change = Fraction(self.after.total) - Fraction(self.before.total)
        return signed(change)

    @property
    def fen(self) -> int:
        """How much more money is due in all."""
        return sum(one.change for one in self.money)

    @property
    def paid_before(self) -> int | None:
        """What is due now, all lines together; None where nobody is paid."""
        lines = [one.before for one in self.money if one.before is not None]
        return sum(lines) if lines else None

    @property
    def paid_after(self) -> int | None:
        """What would be due, all lines together; None where nobody would be paid."""
        lines = [one.after for one in self.money if one.after is not None]
        return sum(lines) if lines else None


@dataclass
class Effect:
    """A correction's whole effect, or why it cannot be made."""

    run: Run
    changes: Sequence[Change]
    scored: Scored | None = None
    told: list[Told] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    unchanged: int = 0

    @property
    def next_version(self) -> int:
        """The number that the corrected version would have."""
        return (self.run.version or 0) + 1

    @property
    def people(self) -> int:
        """With how many the comparison was made."""
        return self.unchanged + len(self.differences)

    def of(self, subject: str) -> Difference | None:
        """What would change for somebody."""
        return next((one for one in self.differences if one.before.subject == subject), None)

    def others(self, subject: str) -> list[Difference]:
        """What would change for everybody else."""
        return [one for one in self.differences if one.before.subject != subject]

    @property
    def fen(self) -> int:
        """How much more money is due, everybody together."""
        return sum(one.fen for one in self.differences)


def signed(number: Fraction) -> str:
    """A difference of scores with its sign, at most four decimals, half up."""
    whole = (abs(number) * 10_000 + Fraction(1, 2)).__floor__()
    text = f"{whole // 10_000}.{whole % 10_000:04}"
    return f"+{text}" if number > 0 else f"\u2212{text}" if number < 0 else text


def proposal(run: Run, changes: Iterable[Change]) -> tuple[str, Rows]:
    """The plan and the facts of a published run with changes made."""
    changes = list(changes)
    schemes = [change.number for change in changes if change.kind == Kind.SCHEME]
    plan = SchemeVersion.objects.get(pk=schemes[-1]).plan if schemes else run.plan
    return plan, applied(Rows.read(run.facts), changes)


def effect_of(run: Run, changes: Sequence[Change]) -> Effect:
    """What the changes would do to a published run: everybody scored again and compared."""
    effect = Effect(run, changes)
    plan, rows = proposal(run, changes)
    effect.scored, effect.told = score_rows(plan, rows)
    if effect.scored is None:
        return effect
    before = {one.subject: one for one in run.results.prefetch_related("pay").select_related("participant__unit")}
    for outcome in effect.scored.outcomes:
        kept = before.get(outcome.subject)
        if kept is None or figures_of(kept) == outcome.figures[:10]:
            effect.unchanged += 1
        else:
            effect.differences.append(difference(kept, outcome))
    return effect


def difference(before: Result, after: Outcome) -> Difference:
    """Somebody's figures side by side."""
    now = {one["id"]: one["shown"] for one in before.items}
    then = {one.id: one.shown for one in after.items}
    paid, due = {one.line: one.fen for one in before.pay.all()}, {one.line: one.fen for one in after.pay}
    return Difference(
        before,
        after,
        tuple(Item(key, now.get(key, ""), then.get(key, "")) for key in dict.fromkeys([*now, *then]) if now.get(key) != then.get(key)),
        tuple(Money(line, paid.get(line), due.get(line)) for line in dict.fromkeys([*paid, *due])),
    )


def outcome_of(result: Result) -> Outcome:
    """A kept row as scoring told it."""
    return Outcome(
        subject=result.subject,
        name=result.name,
        status=result.status,
        why=result.why,
        why_en=result.why_en,
        total=result.total,
        shown=result.shown,
        key=result.key,
        grade=result.grade,
        rank=result.rank,
        of=result.of,
        items=tuple(Figure(**one) for one in result.items),
        pay=tuple(Amount(one.line, one.fen, one.exact) for one in result.pay.all()),
        actions=tuple(result.actions),
        warnings=tuple(result.warnings),
    )


def effect_between(before: Run, after: Run) -> Effect:
    """What a correction did: two published versions side by side."""
    effect = Effect(before, ())
    old = {one.subject: one for one in before.results.prefetch_related("pay").select_related("participant__unit")}
    for result in after.results.prefetch_related("pay"):
        kept = old.get(result.subject)
        if kept is None or figures_of(kept) == figures_of(result):
            effect.unchanged += 1
        else:
            effect.differences.append(difference(kept, outcome_of(result)))
    return effect


def item_names(run: Run) -> dict[str, object]:
    """The names of a scheme's items."""
    return dict(outline_of(run.plan).items)


def line_names(run: Run) -> dict[str, object]:
    """The names of a scheme's pay lines."""
    return dict(outline_of(run.plan).pay)
