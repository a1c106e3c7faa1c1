"""What a scheme can come to, which its cases have to show: statuses, forms, lines, actions, warnings, choices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from kaohe.cases import Case
from kaohe.numbers import day_of, parse_number
from kaohe.plan import PEOPLE, Plan
from kaohe.scheme import ConfigEntry
from kaohe.scoring import Results, Scorecard
from tests.library.coverage.reach import NONE, absences_of_figure


@dataclass(frozen=True)
class Shown:
    """One accepted case: what came out, the scorecards of those of whom it writes something, and the keys that it writes."""

    case: Case
    results: Results
    cards: tuple[Scorecard, ...]
    written: Mapping[str, set[str]]

    def writing(self, *keys: str) -> Iterator[Scorecard]:
        """The scorecards of those of whom the case writes one of these keys."""
        return (card for card in self.cards if self.written[card.subject].intersection(keys))


@dataclass(frozen=True)
class Outcome:
    """Something that some case must show."""

    name: str
    seen: Callable[[Shown], bool]


def outcomes_of(plan: Plan) -> Iterator[Outcome]:
    """Everything that the scheme can come to."""
    for part in (_states, _roles, _items, _reported, _pay, _consequences, _metrics, _events, _choices, _periods, _groups):
        yield from part(plan)


def _any_card(name: str, keys: tuple[str, ...], holds: Callable[[Scorecard], bool]) -> Outcome:
    """What is seen where it holds of somebody, and the case writes one of these keys of them."""
    return Outcome(name, lambda shown: any(holds(card) for card in shown.writing(*keys)))


def _states(plan: Plan) -> Iterator[Outcome]:
    for name, state in plan.scheme.states.items():
        yield Outcome(f"state.{name}: somebody is in it", lambda shown, name=name: _in_state(shown, name))
        for line in state.pay:
            yield Outcome(
                f"state.{name}: paid {line}",
                lambda shown, name=name, line=line: _in_state(shown, name, lambda card: card.pay.get(line) is not None),
            )


def _in_state(shown: Shown, name: str, holds: Callable[[Scorecard], bool] = lambda card: True) -> bool:
    inside = shown.results.states[name]
    return any(
        inside[shown.results.facts.row_of(card.subject)] and holds(card)
        for card in shown.cards
        if card.subject in shown.results.facts.subjects
    )


def _roles(plan: Plan) -> Iterator[Outcome]:
    roles = plan.scheme.roles
    if roles.assessed == "all":
        return
    for role in roles.assessed:
        yield Outcome(f"roles: a {role} is appraised", lambda shown, role=role: role in _roles_of(shown, True))
    for role in roles.rate_only:
        yield Outcome(f"roles: a {role} only rates", lambda shown, role=role: role in _roles_of(shown, False))
    if roles.others == "ignored":
        known = {*roles.assessed, *roles.rate_only}
        yield Outcome("roles: another role gets no result", lambda shown: bool(_roles_of(shown, False) - known))


def _roles_of(shown: Shown, appraised: bool) -> set[str]:
    """The roles of those who have a result that the case writes of, or of those who have none."""
    facts = shown.results.facts
    words = facts.frames[PEOPLE].columns["person.role"]
    written = {card.subject for card in shown.cards}
    rows = range(len(facts.subjects))
    mine = [row for row in rows if (facts.subjects[row] in written if appraised else not shown.results.in_scheme[row])]
    return {str(words[row]) for row in mine}


def _items(plan: Plan) -> Iterator[Outcome]:
    """Items that are owed, and items that drop out, where facts can bring that about."""
    for name, item in plan.scheme.items.items():
        if not absences_of_figure(plan, plan.nodes[f"item.{name}"]):
            continue
        drops = (item.if_none or "").startswith(("spread", "null")) or item.in_use is not None or item.may_not_apply
        if not drops or " else missing" in (item.if_none or ""):
            told = ("missing", "status", "total", f"items.{name}")
            yield _any_card(f"item.{name}: owed by somebody", told, lambda card, name=name: name in card.missing)
        if drops:
            yield _any_card(f"item.{name}: drops out", ("total", f"items.{name}"), lambda card, name=name: _drops(card, name))


def _drops(card: Scorecard, item: str) -> bool:
    return item in card.items and card.items[item] is None and card.status == "assessed"


def _reported(plan: Plan) -> Iterator[Outcome]:
    """Rounding of what is reported changes some item, the total, some pay line."""
    if any(item.reported is not None for item in plan.scheme.items.values()):
        yield _any_card(
            "items: reported other than exact",
            tuple(f"items.{name}" for name in plan.scheme.items),
            lambda card: any(card.exact.get(f"item.{name}") != value for name, value in card.items.items()),
        )
    if plan.scheme.total is not None and plan.scheme.total.reported is not None:
        yield _any_card(
            "total: reported other than exact", ("total",), lambda card: card.total is not None and card.total != card.exact.get("total")
        )
    if plan.scheme.pay is not None and plan.scheme.pay.round is not None and any(frame == PEOPLE for _, _, frame in plan.outputs["pay"]):
        yield _any_card(
            "pay: rounded to the cent",
            tuple(f"pay.{name}" for name, _, _ in plan.outputs["pay"]),
            lambda card: any(card.exact.get(f"pay.{name}") not in (None, value) for name, value in card.pay.items()),
        )


def _pay(plan: Plan) -> Iterator[Outcome]:
    for name, id, _ in plan.outputs["pay"]:
        yield _any_card(f"pay.{name}: paid", (f"pay.{name}",), lambda card, name=name: bool(card.pay.get(name)))
        if absences_of_figure(plan, plan.nodes[id]) & NONE:
            yield _any_card(
                f"pay.{name}: not there", ("pay", f"pay.{name}"), lambda card, name=name: card.status == "assessed" and name not in card.pay
            )


def _consequences(plan: Plan) -> Iterator[Outcome]:
    for name, action in plan.scheme.actions.items():
        yield _any_card(f"action.{name}: proposed", ("actions",), lambda card, name=name: name in card.actions)
        for other in action.instead_of:
            replaced = [one for one in plan.scheme.actions if one != name] if other == "all" else [other]
            yield Outcome(
                f"action.{name}: instead of {other}", lambda shown, name=name, replaced=replaced: _replaced(shown, name, replaced)
            )
    for name in plan.scheme.warnings:
        yield _any_card(f"warning.{name}: told", ("warnings",), lambda card, name=name: name in card.warnings)
        yield _any_card(f"warning.{name}: not told", ("warnings",), lambda card, name=name: name not in card.warnings)


def _replaced(shown: Shown, name: str, others: list[str]) -> bool:
    facts = shown.results.facts
    rows = [facts.row_of(card.subject) for card in shown.writing("actions") if name in card.actions]
    return any(shown.results.evaluator.node(f"action.{other}")[row if _many(shown, other) else 0] for other in others for row in rows)


def _many(shown: Shown, action: str) -> bool:
    return shown.results.evaluator.node(f"action.{action}").yes.size > 1


def _metrics(plan: Plan) -> Iterator[Outcome]:
    for name, _, _ in plan.outputs["metrics"]:
        yield _any_card(f"metrics.{name}: shown", (name,), lambda card, name=name: card.metrics.get(name) is not None)


def _events(plan: Plan) -> Iterator[Outcome]:
    """A record of every kind that counts, about somebody of whom the case writes; and dates outside the period."""
    for kind, event in plan.scheme.events.items():
        yield Outcome(f"events.{kind}: a record that counts", lambda shown, kind=kind: bool(_days(shown, kind)))
        if event.window != "period":
            yield Outcome(f"events.{kind}: a record outside the period that counts", lambda shown, kind=kind: _outside(shown, kind))


def _days(shown: Shown, kind: str) -> list[int]:
    """The days of the counted records of those of whom the case writes."""
    facts = shown.results.facts
    frame = facts.frames[f"event.{kind}"]
    written = {card.subject for card in shown.cards}
    subjects = [facts.subjects[row] if row >= 0 else "" for row in frame.links[PEOPLE].parent.tolist()]
    units = set(shown.results._units()) | {name for name, unit in shown.results.plan.scheme.units.items()}
    own = [subject in written or (not subject and bool(units)) for subject in subjects]
    return [int(frame.columns["at"][row] or 0) for row, mine in enumerate(own) if mine]


def _outside(shown: Shown, kind: str) -> bool:
    facts = shown.results.facts
    return any(not facts.start <= day_of(day) <= facts.end for day in _days(shown, kind))


def _choices(plan: Plan) -> Iterator[Outcome]:
    """Every option of a choice, and a figure other than the default."""
    for key, entry in plan.scheme.config.items():
        if entry.for_ is not None or entry.parts is not None:
            yield Outcome(f"config.{key}: parts chosen", lambda shown, key=key: key in shown.case.facts.config)
            continue
        options = entry.one_of or (entry.words if isinstance(entry.words, tuple) else ())
        for option in options:
            yield Outcome(f"config.{key}: {option}", lambda shown, key=key, option=option: _chosen(shown, key, option))
        if not options:
            yield Outcome(f"config.{key}: another than the default", lambda shown, key=key, entry=entry: _other(shown, key, entry))


def _chosen(shown: Shown, key: str, option: str) -> bool:
    value: Any = shown.results.facts.config[key]
    return (
        str(value) == option
        or value == parse_number(option)
        or (isinstance(value, bool) and option in (("yes", "true") if value else ("no", "false")))
    )


def _other(shown: Shown, key: str, entry: ConfigEntry) -> bool:
    value: Any = shown.results.facts.config[key]
    if value is None or entry.default is None:
        return value is not None
    if isinstance(value, bool):
        return value != (entry.default in ("yes", "true"))
    return value != (parse_number(entry.default) if isinstance(value, Fraction) else entry.default)


def _periods(plan: Plan) -> Iterator[Outcome]:
    """Each span that a scheme takes, where it takes several."""
    spans = plan.scheme.period.spans
    longest = {"week": 7, "month": 31, "quarter": 92, "half_year": 184, "year": 366}
    for span in spans if len(spans) > 1 else ():
        yield Outcome(f"period: a {span}", lambda shown, span=span: _length(shown) in range(longest[span] - 3, longest[span] + 1))


def _length(shown: Shown) -> int:
    return (shown.results.facts.end - shown.results.facts.start).days + 1


def _groups(plan: Plan) -> Iterator[Outcome]:
    """Groups that leave somebody out, and somebody without a group."""
    for name, group in plan.groups.items():
        if group["where"] is not None:
            yield Outcome(f"groups.{name}: somebody is left out", lambda shown, name=name: not _members(shown, name).all())
            yield Outcome(f"groups.{name}: somebody is in it", lambda shown, name=name: bool(_members(shown, name).any()))


def _members(shown: Shown, group: str) -> Any:
    return shown.results.evaluator.group_codes(group, PEOPLE)[1]
