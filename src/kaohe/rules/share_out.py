"""A pool shared out: `share: {pool: dept.bonus_pool, by: points, among: staff, rounding: largest_remainder}`.

Each line is exact: pool × part ÷ all parts. The pay sheet rounds it line by line; where the scheme
declares `largest_remainder` the lines are whole cents already and add up to the pool, whose last
cents go to the largest remainders and, where these are equal, by subject id, never by row order.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from kaohe.columns import Array, Column, Ints, Links, begins_another
from kaohe.numbers import as_typed, number, write_number
from kaohe.plan import PEOPLE, Node
from kaohe.problems import Place
from kaohe.rules.arithmetic import over, plus, rounded, times
from kaohe.rules.door import Builder, Context, Describer, Draft, Line, Rule, Teller, Wording
from kaohe.scheme import Body, Share
from kaohe.scheme_problems import GroupUnknown, GroupWrong, RoundingWrong, WrongFrame, did_you_mean

LARGEST_REMAINDER = "largest_remainder"


def build(builder: Builder, body: Body, frame: str, place: Place) -> Draft:
    """Inputs: the pool, and each person's part."""
    share = body.share
    assert share is not None
    _check(builder, share, frame, place)
    pool = builder.formula(share.pool, frame, place, "number")
    inputs = [pool, builder.formula(share.by, frame, place, "number")]
    positive = all(part.low is not None and part.low >= 0 for part in inputs)
    params = {"among": share.among, "rounding": share.rounding, "to": write_number(share.to)}
    return Draft(inputs, params, "number", pool.unit, Fraction(0) if positive else None, pool.high if positive else None)


def _check(builder: Builder, share: Share, frame: str, place: Place) -> None:
    """A line is one person's, the group the same for all in it, the smallest coin above nothing."""
    groups, where = builder.scheme.groups, builder.item
    if frame != PEOPLE:
        builder.tell(WrongFrame(place, [where], where=where, name=share.by, frame=PEOPLE))
    if share.among not in groups:
        builder.tell(GroupUnknown(place, [share.among], where=where, name=share.among, **did_you_mean(share.among, groups)))
    elif groups[share.among].others_of is not None:
        builder.tell(GroupWrong(place, [share.among], where=share.among))
    if share.to <= 0:
        builder.tell(RoundingWrong(place, [where, "share"], where=where, found=write_number(share.to)))


def apply(context: Context, node: Node) -> Column:
    """Each person's line; NONE for who is not among them, has no part, or where all parts are nothing.

    Somebody who owes her part keeps the pool from everybody: it is not shared out before it is known.

    Shape:  pool (people,), parts (people,) -> lines (people,)
    Exact:  lines are fractions; with largest remainders whole cents, compared exactly
    """
    lines = exact_lines(context, node)
    if node.params["rounding"] != LARGEST_REMAINDER:
        return lines
    return _in_whole_cents(context, node, lines)


def exact_lines(context: Context, node: Node) -> Column:
    """Pool × part ÷ all parts, of everybody among whom it is shared."""
    pool, part = (context.number(tree, node.frame) for tree in node.inputs)
    codes, groups = _groups(context, node)
    total = groups.sum(part).take(np.where(codes < 0, 0, codes))
    # whoever is not among them waits for nobody: no share, whatever the others still owe
    return (pool * part / total).where(groups.parent >= 0, Column.none())


def _groups(context: Context, node: Node) -> tuple[Array, Links]:
    codes, members = context.group_codes(node.params["among"], node.frame)
    return codes, Links(np.where(members, codes, -1), int(codes.max(initial=0)) + 1)


def _in_whole_cents(context: Context, node: Node, lines: Column) -> Column:
    """Every line rounded down, then one cent more for as many as are left over."""
    codes, groups = _groups(context, node)
    cent = Column.const(number(node.params["to"]))
    exact = lines / cent
    whole = _floor(exact)
    left = (context.number(node.inputs[0], node.frame) / cent).round(Fraction(1)) - groups.sum(whole).take(np.where(codes < 0, 0, codes))
    rows = np.flatnonzero(lines.given().yes)
    more = np.zeros(codes.size, dtype=np.int64)
    more[rows] = _turn(context, node, exact - whole, codes, rows) < np.broadcast_to(left.n.v, codes.shape)[rows]
    return (whole + Column(Ints(more, 1))) * cent


def _floor(value: Column) -> Column:
    down = value.round(Fraction(1), "down")
    return down - Column(Ints.of((value < down).yes.astype(np.int64)))


def _turn(context: Context, node: Node, rest: Column, codes: Array, rows: Array) -> Array:
    """Whose turn it is within the group, from 0: the largest remainder first, equal ones by subject id."""
    keys = [key[rows] if key.size > 1 else np.broadcast_to(key, rows.shape) for key in (-rest).sort_keys()]
    order = np.lexsort([_alphabetical(context, node)[rows], *reversed(keys), codes[rows]])
    group = codes[rows][order]
    starts = begins_another(group)
    position = np.arange(rows.size)
    turn = np.empty(rows.size, dtype=np.int64)
    turn[order] = position - np.maximum.accumulate(np.where(starts, position, 0))
    return turn


def _alphabetical(context: Context, node: Node) -> Array:
    """The place of each subject's id among all ids in order."""
    ids = context.words(["fact", "person.id"], node.frame)
    place = np.empty(len(ids.vocabulary), dtype=np.int64)
    place[sorted(range(place.size), key=lambda code: ids.vocabulary[code])] = np.arange(place.size)
    return place[ids.codes]


def tell(teller: Teller, node: Node, row: int) -> Line:
    """Pool × part ÷ all parts; with largest remainders, whether one of the cents left over came here."""
    value, line = teller.figure(node, row), teller.column(node, exact_lines)[row]
    shown = [teller.shown(tree, node.frame, row) for tree in node.inputs]
    if value is None or not isinstance(line, Fraction):
        return Line(teller.say("不参与分配，或尚不能分配", "no share, or not shared out yet"))
    pool, part = (teller.number(tree, node.frame, row) or Fraction(0) for tree in node.inputs)
    if not line:
        return Line(_among(teller, node), times(*shown) if not pool or not part else write_number(value))
    text = over(times(*shown), write_number(pool * part / line))
    if node.params["rounding"] != LARGEST_REMAINDER:
        return Line(_among(teller, node), text)
    return _told_in_cents(teller, node, text, line, value)


def _told_in_cents(teller: Teller, node: Node, text: str, line: Fraction, value: Fraction) -> Line:
    to = number(node.params["to"])
    down = rounded(text, write_number(to), "down" if line >= 0 else "up")
    words = teller.say("最大余数法，余下的分按余数大小给", "largest remainder: what is left over goes to the largest remainders")
    parts = [down] if value <= line else [down, write_number(to)]
    return Line(teller.say("；", "; ").join([_among(teller, node), words]), text if value == line else plus(parts))


def _among(teller: Teller, node: Node) -> str:
    group = teller.name("group", node.params["among"])
    return teller.say(f"在{group}中按份分配", f"shared out among {group}")


def describe(describer: Describer, body: Body) -> Wording:
    """The pool, by what it is shared out, among whom, and what becomes of the last cents."""
    share = body.share
    assert share is not None
    pool, by, group = describer.formula(share.pool), describer.formula(share.by), describer.quoted(describer.name("group", share.among))
    lead = describer.say(f"把“{pool}”在{group}中按{by}的比例分配", f"{pool}, shared out among {group} in proportion to {by}")
    to = as_typed(share.to)
    if share.rounding == LARGEST_REMAINDER:
        return Wording(
            lead, (describer.say(f"按最大余数法分到{to}元，分完为止", f"by largest remainder, to {to} yuan, until nothing is left"),)
        )
    return Wording(lead)


RULE = Rule("share_out", 1, build, apply, tell, "按份分配奖金池 | a pool shared out", describe)
