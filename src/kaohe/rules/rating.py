"""Scores that people give, made one: pooled, by relation with shares, or by call first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

import numpy as np

from kaohe.columns import MISSING, NONE, ZERO, Array, Column, Ints, Links, Words
from kaohe.numbers import as_typed, number, write_number
from kaohe.plan import PEOPLE, Node
from kaohe.problems import Place
from kaohe.rules.arithmetic import mean_of as written_mean
from kaohe.rules.arithmetic import percent, plus, times
from kaohe.rules.door import Builder, Context, Describer, Draft, Line, Part, Rows, Rule, Teller, Wording
from kaohe.scheme import Body, Declared, Item, Rating
from kaohe.scheme_problems import RatersWrong, ScaleNeedsPoints
from kaohe.texts import Text


def scale_of(body: Body) -> tuple[Fraction, Fraction] | None:
    """The lowest and highest score that a rating allows; None where the scheme does not say."""
    rating = body.rating
    assert rating is not None
    if rating.anchors:
        values = anchored(rating.anchors)
        return Fraction(min(values)), Fraction(max(values))
    if isinstance(rating.allowed, tuple) and rating.allowed:
        return min(rating.allowed), max(rating.allowed)
    if isinstance(rating.allowed, Declared) and rating.allowed.low is not None and rating.allowed.high is not None:
        return rating.allowed.low, rating.allowed.high
    if isinstance(body, Item) and body.points is not None:
        return Fraction(0), body.points
    return None


def anchored(anchors: Iterable[str]) -> set[int]:
    """The whole scores that a list of anchored levels (`13..15`, `5`) allows."""
    allowed: set[int] = set()
    for level in anchors:
        low, _, high = level.partition("..")
        allowed |= set(range(int(number(low)), int(number(high or low)) + 1))
    return allowed


def build(builder: Builder, body: Body, frame: str, place: Place) -> Draft:
    """Inputs: for each party that must rate, the condition under which it must."""
    rating = body.rating
    assert rating is not None
    item = rating.item or builder.item
    scale = scale_of(body)
    if scale is None:
        builder.tell(ScaleNeedsPoints(place, [item], where=item))
    _check_parties(builder, rating, item, place)
    inputs = [builder.formula(condition, frame, place, "truth") for condition in rating.all_of.values()]
    shares = rating.mean if isinstance(rating.mean, dict) else {}
    params: dict[str, Any] = {
        "item": item,
        "mean": "shares" if shares else rating.mean,
        "shares": {relation: str(share) for relation, share in shares.items()},
        "absent_share": rating.absent_share,
        "all_of": list(rating.all_of),
        "mute": list(rating.mute),
        "per": rating.per,
        "not_applicable": rating.not_applicable == "allowed",
    }
    low, high = scale or (None, None)
    return Draft(inputs, params, "number", "", low, high)


def _check_parties(builder: Builder, rating: Rating, item: str, place: Place) -> None:
    if rating.raters == "any":
        return
    strangers = [
        party for party in (*rating.all_of, *rating.absent_share, *rating.absent_share.values(), *rating.mute) if party not in rating.raters
    ]
    if isinstance(rating.mean, dict):
        strangers += [party for party in rating.mean if party not in rating.raters]
        total = sum(rating.mean.values(), Fraction(0))
        if total != 1:
            builder.tell(
                RatersWrong(
                    place,
                    [item],
                    where=item,
                    detail_zh=f"各方占比合计为 {write_number(total)}，应为 1",
                    detail_en=f"their shares add up to {write_number(total)}, not 1",
                )
            )
    if strangers:
        builder.tell(RatersWrong(place, strangers, where=item, **_strangers(strangers)))


def _strangers(parties: list[str]) -> dict[str, str]:
    named = ", ".join(dict.fromkeys(parties))
    return {"detail_zh": f"{named} 不在 raters 里，不能评分", "detail_en": f"{named} may not rate, being absent from raters"}


def apply(context: Context, node: Node) -> Column:
    """One score a person; NONE where nobody rated, MISSING where a party that must rate has not.

    Where an item may be called not applicable, NONE is where everybody who rated did so; then
    somebody still has to rate: nobody is MISSING.

    Shape:  ratings (rows,) -> people (people,)
    Exact:  means stay fractions (three raters give thirds)
    """
    frame = f"rating.{node.params['item']}"
    score, relation = context.number(["fact", "score"], frame), context.words(["fact", "relation"], frame)
    heard = ~relation.of_which(node.params["mute"].__contains__)
    links = Links(np.where(heard, context.links(frame, PEOPLE).parent, -1), context.size(PEOPLE))
    found = _mean(context, node, frame, score, relation, links)
    return found.remark(_owed(context, node, relation, links))


def _mean(context: Context, node: Node, frame: str, score: Column, relation: Words, links: Links) -> Column:
    if node.params["per"]:
        return _mean_by_call(score, context.words(["fact", "call"], frame), links)
    if node.params["mean"] == "pooled":
        return mean_of(score, links)
    means = {party: _mean_of_party(score, relation, links, party) for party in node.params["shares"] or relation.vocabulary}
    return _by_shares(node, means) if node.params["shares"] else _even(list(means.values()), links.size)


def _mean_of_party(score: Column, relation: Words, links: Links, party: str) -> Column:
    theirs = np.where(relation.equals(party).yes, links.parent, -1)
    return mean_of(score, Links(theirs, links.size))


def _by_shares(node: Node, means: dict[str, Column]) -> Column:
    """Each party's mean times its share; an absent party's share goes where the scheme says."""
    weights = {party: Column.const(Fraction(share)) for party, share in node.params["shares"].items()}
    for party, heir in node.params["absent_share"].items():
        there = means[party].given().yes
        weights[heir] = weights[heir] + Column.const(0).where(there, weights[party])
        means[party] = means[party].or_else(Column.const(0))
    total = Column.const(0)
    for party, mean in means.items():
        total = total + mean * weights[party]
    return total


def _even(means: list[Column], size: int) -> Column:
    """The mean of the parties' means, of those that rated."""
    total, count = Column.const(0), Column.const(0)
    for mean in means:
        total = total + mean.or_else(Column.const(0))
        count = count + Column(Ints.of(mean.given().yes.astype(np.int64)))
    return (total / count) if means else Column(ZERO, 1, None, np.full(size, NONE, dtype=np.uint8))


def mean_of(score: Column, links: Links) -> Column:
    """The plain mean of each person's rows; NONE without any."""
    return (links.sum(score) / Column(links.given(score))).settled()


def _mean_by_call(score: Column, call: Words, links: Links) -> Column:
    """The mean of the calls' means: every call counts the same, however many raters it had."""
    width = len(call.vocabulary) + 1
    pairs = np.where(links.parent >= 0, links.parent * width + call.codes + 1, -1)
    seen, of_call = np.unique(pairs, return_inverse=True)
    calls = Links(np.where(pairs >= 0, of_call, -1), seen.size)
    person = Links(np.where(seen >= 0, seen // width, -1), links.size)
    return mean_of(mean_of(score, calls), person)


def _owed(context: Context, node: Node, relation: Words, links: Links) -> Array:
    """MISSING where a party that must rate has not, or somebody's form lacks this item."""
    owed = context.truth(["fact", f"unfinished.{node.params['item']}"], PEOPLE).yes.copy()
    if node.params.get("not_applicable"):
        owed |= links.count().v == 0
    for party, condition in zip(node.params["all_of"], node.inputs, strict=True):
        rated = links.any(relation.equals(party).yes)
        owed |= context.truth(condition, node.frame).yes & ~rated
    return np.where(owed, MISSING, 0).astype(np.uint8)


def tell(teller: Teller, node: Node, row: int) -> Line:
    """Each party's mean, or each call's, and how they become one; who still owes a rating."""
    frame = f"rating.{node.params['item']}"
    mute = node.params["mute"]
    rows = [below for below in teller.rows(frame, node.frame, row) if not mute or _relation(teller, frame, below) not in mute]
    if not rows or teller.figure(node, row) is None:
        return Line(_still_owed(teller, node, frame, row, rows), rows=_rated(teller, frame, rows))
    rows = [below for below in rows if teller.number(["fact", "score"], frame, below) is not None]
    if node.params["per"]:
        return _by(teller, frame, _apart(teller, frame, "call", rows), lambda call: call)
    if node.params["mean"] == "pooled":
        return Line(
            teller.say(f"{len(rows)} 份评分", f"{len(rows)} {'rating' if len(rows) == 1 else 'ratings'}"),
            written_mean(_scores(teller, frame, rows)),
            rows=_rated(teller, frame, rows),
        )
    parties = _apart(teller, frame, "relation", rows)
    line = _by(teller, frame, parties, lambda party: teller.name("relation", party))
    return _with_shares(teller, node, line, list(parties)) if node.params["shares"] else line


def _relation(teller: Teller, frame: str, row: int) -> str | None:
    return teller.word(["fact", "relation"], frame, row)


def _apart(teller: Teller, frame: str, column: str, rows: list[int]) -> dict[str, list[int]]:
    """The rows by party or by call, in order of appearance."""
    found: dict[str, list[int]] = {}
    for row in rows:
        found.setdefault(teller.word(["fact", column], frame, row) or "", []).append(row)
    return found


def _scores(teller: Teller, frame: str, rows: list[int]) -> list[Fraction]:
    return [teller.number(["fact", "score"], frame, row) or Fraction(0) for row in rows]


def _rated(teller: Teller, frame: str, rows: list[int]) -> Rows:
    return Rows(frame, tuple(rows), tuple(teller.number(["fact", "score"], frame, row) for row in rows))


def _by(teller: Teller, frame: str, parts: dict[str, list[int]], name: Callable[[str], str]) -> Line:
    """The mean of the parts' means, each part beneath."""
    found = []
    for part, rows in parts.items():
        scores = _scores(teller, frame, rows)
        mean = sum(scores, Fraction(0)) / len(scores)
        words = teller.say(f"{len(rows)} 份评分", f"{len(rows)} {'rating' if len(rows) == 1 else 'ratings'}")
        found.append(Part(name(part), mean, words, written_mean(scores), _rated(teller, frame, rows)))
    return Line("", written_mean([part.value or Fraction(0) for part in found]), tuple(found))


def _with_shares(teller: Teller, node: Node, line: Line, parties: list[str]) -> Line:
    """Each party's mean × its share; an absent party's share where the scheme sends it."""
    shares = {party: Fraction(share) for party, share in node.params["shares"].items()}
    moved = [party for party in node.params["absent_share"] if party not in parties]
    for party in moved:
        heir = node.params["absent_share"][party]
        shares[heir] += shares[party]
    terms = [
        times(write_number(part.value or Fraction(0)), percent(shares[party]))
        for party, part in zip(parties, line.parts, strict=True)
        if party in shares
    ]
    names = teller.say("、", ", ").join(teller.name("relation", party) for party in moved)
    words = teller.say(f"{names} 没有评分，其占比由其他方承担", f"no rating by {names}: the share goes to others") if moved else ""
    return Line(words, plus(terms), line.parts)


def _still_owed(teller: Teller, node: Node, frame: str, row: int, rows: list[int]) -> str:
    """Who must rate and has not."""
    there = {_relation(teller, frame, below) for below in rows}
    due = [party for party, tree in zip(node.params["all_of"], node.inputs, strict=True) if teller.holds(tree, node.frame, row)]
    lacking = [teller.name("relation", party) for party in due if party not in there]
    if lacking:
        return teller.say(f"缺评分：{'、'.join(lacking)}", f"no rating yet by {', '.join(lacking)}")
    if teller.holds(["fact", f"unfinished.{node.params['item']}"], node.frame, row):
        return teller.say("有评分人漏评此项", "a rater left this item out")
    if rows and node.params.get("not_applicable"):
        return teller.say("本期不适用", "did not apply")
    return teller.say("还没有评分", "no rating yet") if not rows else teller.say("评分不全", "ratings incomplete")


def describe(describer: Describer, body: Body) -> Wording:
    """Who scores, on which scale, and how the scores become one."""
    rating = body.rating
    assert rating is not None
    raters = "" if rating.raters == "any" else describer.listed(describer.name("relation", party) for party in rating.raters)
    lead = describer.say(f"由{raters}评分" if raters else "由评分人评分", f"Scored by {raters}" if raters else "Scored by raters")
    told = [*_scale_told(describer, body, rating), _mean_told(describer, rating), *_duties_told(describer, rating)]
    return Wording(lead, tuple(part for part in told if part))


def _scale_told(describer: Describer, body: Body, rating: Rating) -> list[str]:
    """Which scores there are, and what they stand for."""
    if rating.anchors is not None:
        levels = [(level.replace("..", "–"), Text.read(words).tell(describer.language)) for level, words in rating.anchors.items()]
        return [describer.say(f"{level}分：{words}", f"{level} points: {words}") for level, words in levels]
    if isinstance(rating.allowed, tuple):
        return [describer.say("可评：", "One of ") + describer.listed(map(as_typed, rating.allowed)) + describer.say("分", " points")]
    if isinstance(rating.allowed, Declared):
        return [describer.labelled(describer.say("评分范围", "Scale"), describer.bounds(_in_points(rating.allowed)))]
    most = as_typed(body.points) if isinstance(body, Item) and body.points is not None else ""
    return [describer.say(f"评分范围：0–{most}分", f"Scale: 0–{most} points")] if most else []


def _in_points(scale: Declared) -> Declared:
    """A scale whose numbers are told as points."""
    return scale.model_copy(update={"kind": "points"}) if scale.kind == "number" else scale


def _mean_told(describer: Describer, rating: Rating) -> str:
    """How several scores become one."""
    if rating.per:
        return describer.say("每通通话先取平均，各通话再平均", "the mean of each call first, then the mean of the calls")
    if isinstance(rating.mean, dict):
        shares = [f"{describer.name('relation', party)} {percent(share)}" for party, share in rating.mean.items()]
        return describer.say("各方平均后加权：", "each party's mean, weighted: ") + describer.listed(shares)
    if rating.mean == "by relation":
        return describer.say("先按评分关系分别平均，再取各方平均", "the mean of each party first, then the mean of the parties")
    return describer.say("一人一票，取平均", "the mean of all scores, one voice each")


def _duties_told(describer: Describer, rating: Rating) -> list[str]:
    """Who must score, who is heard without counting, and what becomes of absent scores."""
    due = describer.listed(_due(describer, party, condition) for party, condition in rating.all_of.items())
    mute = describer.listed(describer.name("relation", party) for party in rating.mute)
    return [
        describer.labelled(describer.say("必须评分", "Must score"), due) if due else "",
        *(_moved(describer, party, heir) for party, heir in rating.absent_share.items()),
        describer.say(f"{mute}的评分只供参考，不计入", f"scores by {mute} are kept but do not count") if mute else "",
        *(describer.say(*words) for holds, words in _habits(rating) if holds),
    ]


def _moved(describer: Describer, party: str, heir: str) -> str:
    one, other = describer.name("relation", party), describer.name("relation", heir)
    return describer.say(f"{one}未评的，其占比并入{other}", f"without {one} the share goes to {other}")


def _habits(rating: Rating) -> list[tuple[bool, tuple[str, str]]]:
    """What else may hold of a rating, with its words."""
    return [
        (
            rating.whole_form,
            ("评分表须逐项评全，漏评一项即视为未评完", "a rater scores the whole form; one item left out leaves it unfinished"),
        ),
        (rating.not_applicable == "allowed", ("评分人可注明“不适用”", "a rater may say that it did not apply")),
        ("relation" in rating.once_per, ("每方只评一次", "each party scores once")),
        ("subject" in rating.once_per, ("每人只评一次", "each person is scored once")),
        (rating.own_sheet, ("本人的评分以本人自评表为准", "the score by oneself is one's own sheet")),
    ]


def _due(describer: Describer, party: str, condition: str) -> str:
    """A party that must score, with the condition where there is one."""
    name = describer.name("relation", party)
    if condition == "yes":
        return name
    return describer.say(f"{name}（{describer.condition(condition)}时）", f"{name} (where {describer.condition(condition)})")


RULE = Rule("rating", 1, build, apply, tell, "评分 | scores given by people", describe)
