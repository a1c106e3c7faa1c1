"""Points for each record: `per_event: {late: -5, grooming: -points}`, from full marks or from nothing."""

from __future__ import annotations

from kaohe.columns import Column
from kaohe.plan import Node, Typed, summed, widest
from kaohe.problems import Place
from kaohe.rules.arithmetic import plus
from kaohe.rules.bands import Band
from kaohe.rules.door import Builder, Context, Describer, Draft, Line, Rule, Teller, Wording
from kaohe.rules.tiers import check
from kaohe.scheme import Body, PerEvent


def build(builder: Builder, body: Body, frame: str, place: Place) -> Draft:
    """Inputs: full marks, then one sum of rows for each entry; `once` entries count at most once."""
    full = builder.formula("0" if body.full is None else body.full, frame, place, "number")
    entries: list[tuple[str, PerEvent]] = [(kind, entry) for kind, entry in (body.per_event or {}).items()]
    entries += [(kind, PerEvent(points=points, once=True)) for kind, points in (body.once or {}).items()]
    inputs, described = [full], []
    for kinds, entry in entries:
        for kind in (kind.strip() for kind in kinds.split(",")):
            inputs.append(_entry(builder, kind, entry, frame, place))
            described.append({"event": kind, "once": entry.once, "clause": entry.clause})
    return Draft(inputs, {"entries": described}, "number", full.unit, *summed(inputs))


def _entry(builder: Builder, kind: str, entry: PerEvent, frame: str, place: Place) -> Typed:
    if entry.tiers and kind in builder.scheme.events:
        return _tiered(builder, kind, entry, frame, place)
    if entry.once:
        return builder.rows(kind, frame, entry.points, entry.where, "once", place)
    return builder.rows(kind, frame, entry.points, entry.where, "sum", place)


def _tiered(builder: Builder, kind: str, entry: PerEvent, frame: str, place: Place) -> Typed:
    """A table over each row: the same bands as `tiers`, looked up row by row."""
    tiers = entry.tiers or ()
    figure = builder.formula(entry.by, f"event.{kind}", place, "number")
    check(builder, tiers, figure, str(entry.by), place)
    gives = [builder.formula(tier.points, f"event.{kind}", place, "number") for tier in tiers]
    bands = [Band.of(tier).write() for tier in tiers]
    tree = ["bands", figure.tree, bands, [give.tree for give in gives]]
    return builder.rows(kind, frame, Typed(tree, "number", "", *widest(gives)), entry.where, "sum", place)


def apply(context: Context, node: Node) -> Column:
    """Full marks and the points of every record; a record's `count` multiplies it.

    No record means that nothing happened: the full marks stand.
    """
    total, *parts = (context.number(tree, node.frame) for tree in node.inputs)
    for part in parts:
        total = total + part
    return total


def tell(teller: Teller, node: Node, row: int) -> Line:
    """Full marks and what each kind of record added or took."""
    full, *parts = (teller.number(tree, node.frame, row) for tree in node.inputs)
    shown = [teller.shown(tree, node.frame, row) for tree, part in zip(node.inputs[1:], parts, strict=True) if part]
    first = [teller.shown(node.inputs[0], node.frame, row)] if full or not shown else []
    words = "" if shown else teller.say("没有记录", "no records")
    return Line(words, plus(first + shown))


def describe(describer: Describer, body: Body) -> Wording:
    """Where it starts, and what each kind of record adds or takes."""
    start = "" if body.full in (None, "0") else describer.measured_result(str(body.full))
    zh, en = (f"起始{start}，按记录加减：", f"From {start}, by records:") if start else ("按记录加减：", "By records:")
    return Wording(describer.say(zh, en), tuple(_described(describer, kinds, entry) for kinds, entry in entries_of(body)))


def entries_of(body: Body) -> list[tuple[tuple[str, ...], PerEvent]]:
    """The kinds of record that a body names, and what each of them does; those that count once at the end."""
    entries = list((body.per_event or {}).items())
    entries += [(kinds, PerEvent(points=points, once=True)) for kinds, points in (body.once or {}).items()]
    return [(tuple(kind.strip() for kind in kinds.split(",")), entry) for kinds, entry in entries]


def _described(describer: Describer, kinds: tuple[str, ...], entry: PerEvent) -> str:
    """One line for an entry: which records, and what each does."""
    names = describer.listed(describer.quoted(describer.name("event", kind)) for kind in kinds)
    return describer.labelled(names + told_where(describer, kinds[0], entry), told_change(describer, kinds[0], entry))


def told_where(describer: Describer, kind: str, entry: PerEvent) -> str:
    """Which of the records count, in brackets; nothing where all do."""
    if entry.where is None:
        return ""
    condition = describer.condition(entry.where, kind)
    return describer.say(f"（{condition}）", f" (where {condition})")


def told_change(describer: Describer, kind: str, entry: PerEvent) -> str:
    """What one record adds or takes, by a table or for itself."""
    if entry.tiers:
        by, bands = describer.formula(str(entry.by), kind), describer.joined(describer.bands(str(entry.by), entry.tiers, kind))
        told = describer.say(f"按{by}，{bands}", f"by {by}, {bands}")
    else:
        told = (describer.once if entry.once else describer.each)(entry.points or "0", kind)
    return told + describer.claused(entry.clause)


RULE = Rule("per_event", 1, build, apply, tell, "按次加减分 | points for each record", describe)
