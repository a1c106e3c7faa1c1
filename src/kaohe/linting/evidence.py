"""Whether a result stands on enough: small groups, one voice, nothing to measure, points without limit, periods of any length."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from kaohe.linting.extents import Extent, point
from kaohe.linting.finding import Finding
from kaohe.linting.reckoning import Reckoning, weights_of
from kaohe.linting.studying import Studied, joined, path_of
from kaohe.plan import Node, Tree, walk
from kaohe.scheme import Item
from kaohe.texts import Text


class SmallGroup(Finding):
    """A condition on places that in a small group holds for more than half of it."""

    code = "L040"
    reason = "evidence"
    zh = "“{name}”按名次，组一小就落到大半人头上：{of} 人的组里有 {hit} 人"
    en = "“{name}” goes by places, and in a small group those are more than half: in a group of {of}, {hit}"
    mend_zh = "请规定参加排名的起码人数，例如 of >= 10；人数不足时合并到更大的组。"
    mend_en = "Ask for a least number of people ranked, such as of >= 10; join smaller groups into larger ones."


class QuotaForNobody(Finding):
    """A share of a group that in a small one is nobody."""

    code = "L041"
    reason = "evidence"
    zh = "“{name}”按名次占比：不足 {of} 人的组里无人能得"
    en = "“{name}” goes by a share of the group: in a group of fewer than {of} it is nobody's"
    mend_zh = "请写明怎样取整（例如至少一人），或把小组合并计算。"
    mend_en = "Say how the share is rounded, such as one at least, or join small groups."


class OneVoice(Finding):
    """A total that one party's ratings decide alone."""

    code = "L042"
    reason = "evidence"
    zh = "总分{form}全由{rater}一方打分决定"
    en = "one party alone, {rater}, decides the whole total{form}"
    mend_zh = "请加入第二方评分或可度量的指标，写明打分依据，并给本人复核的途径。"
    mend_en = "Add a second party or something measured, say what a score rests on, and give people a way to have it reviewed."


class NothingToMeasure(Finding):
    """Items that are owed even where there is nothing to measure, so that the person stays incomplete for good."""

    code = "L043"
    reason = "evidence"
    zh = "没有可量的时候（分母为 0、没有一条记录），{items}也算缺：被考核人没有总分，补什么数据也补不上"
    en = (
        "where there is nothing to measure (nothing to divide by, no records), {items} count as missing: "
        "there is no total, and no fact that could be handed in would bring one"
    )
    mend_zh = '请写 if_none: spread（权重分给其余）、"null"（不计），或在比率里写 zero；就是要这样，请写明 if_none: missing。'
    mend_en = (
        'Write if_none: spread (the weight goes to the others) or "null" (it does not count), or say in the ratio what zero gives; '
        "where it is meant so, write if_none: missing."
    )


class OneItemMayDecide(Finding):
    """A form on which every item may drop out, so that a single one may make the whole total."""

    code = "L044"
    reason = "evidence"
    zh = "每项没有数据都把权重让给其余{form}：只剩一项时，这一项就是全部总分"
    en = "every item passes its weight on when it has no data{form}: where one is left, it alone is the total"
    mend_zh = "请规定至少有几项（或多少权重）有数据才定总分。"
    mend_en = "Say how many items, or how much weight, must have data before there is a total."


class PointsWithoutLimit(Finding):
    """Points that whoever records may type in without limit, on an item without an end."""

    code = "L045"
    reason = "evidence"
    zh = "“{name}”的分值由登记人填写，不限多少，所在指标也没有{end}：一条记录就能定全局"
    en = "the points of “{name}” are typed in without limit by whoever records them, and the item has no {end}: one record may decide all"
    mend_zh = "请给分值一个范围（例如 points 0..5），或给该指标写 floor、cap。"
    mend_en = "Give the points a range, such as points 0..5, or the item a floor or a cap."


class LengthOfPeriod(Finding):
    """Points for each record in a period of any length."""

    code = "L046"
    reason = "evidence"
    zh = "周期长短不限，{items}却按次加减分：一个季度的扣分是一个月的三倍，界限却相同"
    en = (
        "a period of any length, and points for each record in {items}: a quarter takes three times as many as a month, with the same edges"
    )
    mend_zh = "请固定周期（例如 period: month），或按月折算。"
    mend_en = "Fix the period, such as period: month, or count by the month."


# --- places ---------------------------------------------------------------------------------------

MOST_PEOPLE = 30


@dataclass(frozen=True)
class Placing:
    """A condition on places, and how many of a group of each size it may hold for."""

    node: Node
    tree: Tree
    hits: dict[int, int]


def small_groups(studied: Studied) -> Iterator[Finding]:
    """Conditions on places that hold for more than half of a small group, and not of a large one."""
    for placing in _placings(studied):
        many = {of: hit for of, hit in placing.hits.items() if of > 1 and 2 * hit > of}
        if many and MOST_PEOPLE not in many:
            of = max(many, key=lambda of: (Fraction(many[of], of), of))
            node = placing.node
            yield SmallGroup(path_of(node.id), node.clause, name=studied.name(node.id), of=of, hit=many[of])


def quotas_for_nobody(studied: Studied) -> Iterator[Finding]:
    """Conditions on a share of the group that hold for nobody in a small one, without saying so."""
    for placing in _placings(studied):
        of_a_share = any(part[0] in ("*", "/") and ["node", "of"] in part[1:] for part in walk(placing.tree))
        sizes = [of for of in placing.hits if not _is_left_out(studied, placing, of)]
        nobody = [of for of in sizes if not placing.hits[of]]
        if of_a_share and nobody and max(nobody) < MOST_PEOPLE:
            node = placing.node
            yield QuotaForNobody(path_of(node.id), node.clause, name=studied.name(node.id), of=max(nobody) + 1)


def _is_left_out(studied: Studied, placing: Placing, of: int) -> bool:
    """Whether the condition itself says that it does not hold for groups of this size."""
    parts = placing.tree[1:] if placing.tree[0] == "and" else []
    sizes = [part for part in parts if not _looks_at_place(part)]
    return any(_Placed(studied, 1, of).holds(part, placing.node.frame) is False for part in sizes)


def _placings(studied: Studied) -> Iterator[Placing]:
    """Every condition that itself looks at places, outermost of its kind."""
    homes = ("figure.", "action.", "pay.", "grade")
    for node in studied.plan.nodes.values():
        for tree in _outermost(node.inputs) if node.id.startswith(homes) else []:
            yield Placing(node, tree, {of: _hits(studied, tree, node.frame, of) for of in range(1, MOST_PEOPLE + 1)})


def _outermost(tree: object) -> Iterator[Tree]:
    """The widest conditions of a tree that look at places themselves."""
    if not isinstance(tree, list) or not tree:
        return
    if tree[0] in ("and", "or", "not", "<", "<=", ">", ">=", "==") and _looks_at_place(tree):
        yield tree
    else:
        for part in tree:
            yield from _outermost(part)


def _looks_at_place(tree: Tree) -> bool:
    """Whether a condition compares a place, and not merely counts how often it was so."""
    parts = list(walk(tree))
    return ["node", "rank"] in parts and not any(part[0] in ("run", "times", "latest", "previous") for part in parts)


class _Placed(Reckoning):
    """Extents for whoever takes one place among so many."""

    def __init__(self, studied: Studied, rank: int, of: int) -> None:
        super().__init__(studied.plan)
        self._known = {"rank": point(Fraction(rank)), "of": point(Fraction(of))}


def _hits(studied: Studied, tree: Tree, frame: str, of: int) -> int:
    """For how many of a group the condition may hold, the other facts allowing."""
    return sum(_Placed(studied, rank, of).holds(tree, frame) is not False for rank in range(1, of + 1))


# --- voices ---------------------------------------------------------------------------------------


def one_voice(studied: Studied) -> Iterator[Finding]:
    """Forms of which all weight stands on ratings by one party."""
    raw = studied.raw
    for form in studied.forms if raw is not None else []:
        assert raw is not None
        weights = weights_of(raw, form)
        items = [
            item for item in raw.params["on_form"][form] if item in raw.params["items"] and (raw.params["config"] or weights.get(item))
        ]
        voices = {_voice(studied, form, item) for item in items}
        voice = next(iter(voices), None)
        if len(voices) == 1 and voice is not None:
            entry, total = studied.scheme.forms.get(form), studied.scheme.total
            path, clause = (("forms", form), entry.clause) if entry is not None else (("total",), total.clause if total is not None else "")
            name = _party_name(studied, form, items[0], voice)
            yield OneVoice(path, clause, form or "total", form=studied.on_form(form), rater=name)


def _body(studied: Studied, form: str, item: str) -> Item:
    """An item as its form reads it."""
    entry = studied.scheme.forms.get(form)
    own = entry.items[item].own if entry is not None and item in entry.items else None
    return own or studied.scheme.items[item]


def _voice(studied: Studied, form: str, item: str) -> str | None:
    """The one party whose ratings are all that an item looks at; None where there is more to it."""
    rating = _body(studied, form, item).rating
    if rating is None or rating.raters == "any":
        return None
    others = {node.rule for node in studied.behind(f"item.{item}")} - {"rating@1", "formula@1", "adjust@1", "pick@1", "cases@1"}
    facts = any(
        tree[0] in ("agg", "over") or (tree[0] == "fact" and tree[1] != "person.role") for tree in studied.trees_behind(f"item.{item}")
    )
    parties = [party for party in rating.raters if party not in rating.mute]
    return parties[0] if len(parties) == 1 and not others and not facts else None


def _party_name(studied: Studied, form: str, item: str, party: str) -> Text:
    rating, roles = _body(studied, form, item).rating, studied.scheme.roles
    assert rating is not None
    name = rating.raters[party] if isinstance(rating.raters, dict) else Text.read(party)
    known = {**roles.rate_only, **(roles.assessed if isinstance(roles.assessed, dict) else {})}
    return known.get(party, name) if name.zh == party else name


# --- what there is to measure ---------------------------------------------------------------------


def nothing_to_measure(studied: Studied) -> Iterator[Finding]:
    """Items that are owed and may come to nothing although no fact is missing."""
    if studied.scheme.total is None:
        return
    owed = [
        name
        for name in studied.scheme.items
        if _is_owed(studied, name) and _may_be_nothing(studied, ["node", f"item.{name}"], "people", ())
    ]
    if owed:
        names = joined([studied.name(f"item.{name}") for name in owed])
        yield NothingToMeasure(("items", owed[0]), studied.scheme.items[owed[0]].clause, "items", items=names)


def _is_owed(studied: Studied, name: str) -> bool:
    if studied.scheme.items[name].if_none is not None:
        return False  # the scheme says it, whatever it says
    return any(node.params.get("owed") for node in studied.behind(f"item.{name}") if node.id.startswith(f"item.{name}"))


Guards = tuple[Tree, ...]


def _may_be_nothing(studied: Studied, tree: Tree, frame: str, guards: Guards) -> bool:
    """Whether a formula may find nothing to measure; `guards` are figures known to be there and above zero."""
    if tree in guards:
        return False
    head = tree[0]
    if head == "node":
        return _node_may(studied, studied.plan.nodes[tree[1]])
    if head in ("agg", "over"):
        return tree[1] in ("mean", "min", "max", "share")
    if head == "at":
        return _may_be_nothing(studied, tree[2], tree[1], guards)
    if head == "if":
        yes = _may_be_nothing(studied, tree[2], frame, (*guards, *_known(tree[1])))
        return yes or _may_be_nothing(studied, tree[3], frame, guards)
    if head == "/" and tree[2] not in guards and studied.overall.of(tree[2], frame).has(Fraction(0)):
        return True
    if head == "call" and tree[1] in ("first", "mean_given"):
        return all(_may_be_nothing(studied, part, frame, guards) for part in tree[2:])
    return any(
        _may_be_nothing(studied, part, frame, guards) for part in tree[1:] if isinstance(part, list) and part and isinstance(part[0], str)
    )


def _known(test: Tree) -> Guards:
    """The figures that a condition shows to be there and above zero."""
    if test[0] == "and":
        return tuple(known for part in test[1:] for known in _known(part))
    if test[0] in (">", ">=") and test[2][0] == "num":
        return (test[1],) if Fraction(test[2][1]) > 0 or (test[0] == ">" and Fraction(test[2][1]) == 0) else ()
    return (test[1],) if test[0] == "given" else ()


def _node_may(studied: Studied, node: Node) -> bool:
    parts = dict(zip(node.params.get("roles", ()), node.inputs, strict=False))
    if "if_absent" in parts or "drops_if" in parts:
        return False
    if node.rule == "ratio@1":
        return node.params["zero"] == "none" and studied.overall.of(node.inputs[1], node.frame).has(Fraction(0))
    if node.rule not in ("formula@1", "tiers@1", "line@1", "adjust@1", "pick@1"):
        return False
    inputs = node.inputs[:1] if node.rule in ("tiers@1", "line@1") else node.inputs
    return any(_may_be_nothing(studied, tree, node.frame, ()) for tree in inputs)


def one_item_may_decide(studied: Studied) -> Iterator[Finding]:
    """Forms of several items that all pass their weight on."""
    raw = studied.raw
    for form in studied.forms if raw is not None else []:
        assert raw is not None
        items = [item for item in raw.params["on_form"][form] if item in raw.params["items"]]
        if len(items) > 1 and set(items) <= set(raw.params["spread"]):
            entry, total = studied.scheme.forms.get(form), studied.scheme.total
            path, clause = (("forms", form), entry.clause) if entry is not None else (("total",), total.clause if total is not None else "")
            yield OneItemMayDecide(path, clause, form or "total", form=studied.on_form(form))


# --- points ---------------------------------------------------------------------------------------

FLOOR, CAP = Text("下限", "floor"), Text("上限", "cap")


def points_without_limit(studied: Studied) -> Iterator[Finding]:
    """Typed-in points without an end, on items without one."""
    for name, item in studied.scheme.items.items():
        whole = studied.overall.node(f"item.{name}")
        for node in studied.behind(f"item.{name}"):
            for tree in node.inputs if node.rule == "per_event@1" else []:
                end = _open_end(studied, tree, whole)
                if end is not None:
                    event = studied.event_name(tree[2].partition(".")[2])
                    yield PointsWithoutLimit(("items", name), item.clause, name=event, end=end)


def _open_end(studied: Studied, tree: Tree, whole: Extent) -> Text | None:
    """The end that both a record's points and the item lack."""
    if tree[0] != "agg" or tree[1] != "sum" or not tree[2].startswith("event."):
        return None
    held = [part for must in studied.plan.musts if must["frame"] == tree[2] for part in walk(must["tree"])]
    typed_in = any(part[0] == "fact" and _are_points(studied, part, tree[2]) and part not in held for part in walk(tree[3]))
    extent = studied.overall.of(tree[3], tree[2])
    if typed_in and extent.low is None and whole.low is None:
        return FLOOR
    return CAP if typed_in and extent.high is None and whole.high is None else None


def _are_points(studied: Studied, fact: Tree, frame: str) -> bool:
    declared = studied.overall.declared(fact, frame)
    return declared is not None and (declared.kind == "points" or fact[1] == "points")


def length_of_period(studied: Studied) -> Iterator[Finding]:
    """Items with points for each record, in a scheme for periods of any length."""
    if studied.scheme.period.unit != "any":
        return
    counted = [name for name in studied.scheme.items if _counts_records(studied, name)]
    if counted:
        names = joined([studied.name(f"item.{name}") for name in counted])
        yield LengthOfPeriod(("period",), studied.scheme.items[counted[0]].clause, items=names)


def _counts_records(studied: Studied, name: str) -> bool:
    return any(
        tree[0] == "agg" and tree[1] in ("sum", "count") and tree[2].startswith("event.") for tree in studied.trees_behind(f"item.{name}")
    )


LINTS = (small_groups, quotas_for_nobody, one_voice, nothing_to_measure, one_item_may_decide, points_without_limit, length_of_period)
