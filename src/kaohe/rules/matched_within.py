"""Things of one kind followed by things of another within some days: reopened tickets, repeat contacts.

`story: {rule: matched_within@1, settings: {first: ticket_closed, then: ticket_reopened, same: ticket,
where: same_issue, days: config.reopen_days, gives: matched}}`
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import Any

import numpy as np

from kaohe.columns import Column, Words
from kaohe.plan import PEOPLE, Node
from kaohe.problems import Place
from kaohe.rules.door import Builder, Context, Describer, Draft, Line, Part, Rows, Rule, Teller, Wording
from kaohe.scheme import Body
from kaohe.scheme_problems import EventUnknown, NameUnknown, SettingWrong, did_you_mean


def build(builder: Builder, body: Body, frame: str, place: Place) -> Draft:
    """Inputs: the condition on the second kind of row, and the number of days."""
    assert body.story is not None
    settings = body.story.settings
    if not _is_whole(builder, settings, place):
        return Draft([])
    then = f"event.{settings['then']}"
    where = builder.formula(settings.get("where", "yes"), then, place, "truth")
    days = builder.formula(settings["days"], frame, place, "number")
    params = {key: str(settings[key]) for key in ("first", "then", "same", "gives")}
    return Draft([where, days], params, "number", "", Fraction(0), None)


SETTINGS = ("first", "then", "same", "where", "days", "gives")
GIVES = ("first", "matched")


def _is_whole(builder: Builder, settings: dict[str, Any], place: Place) -> bool:
    """Whether the settings are all there and name what the scheme has; tells what is wrong otherwise."""
    details = [(f"缺少设置 {key}", f"it lacks the setting {key}") for key in SETTINGS if key != "where" and key not in settings]
    details += [(f"没有设置 {key}", f"it has no setting {key}") for key in settings if key not in SETTINGS]
    if settings.get("gives", "first") not in GIVES:
        details.append((f"gives 只能是 {' 或 '.join(GIVES)}", f"gives is {' or '.join(GIVES)}"))
    for zh, en in details:
        builder.tell(
            SettingWrong(place, [builder.item], where=builder.item, rule=RULE.key, detail_zh=zh, detail_en=en, known=", ".join(SETTINGS))
        )
    unknown = [str(settings[key]) for key in ("first", "then") if key in settings and settings[key] not in builder.scheme.events]
    for name in unknown:
        builder.tell(EventUnknown(place, [name], where=builder.item, name=name, **did_you_mean(name, builder.scheme.events)))
    return not details and not unknown and _has_column(builder, settings, place)


def _has_column(builder: Builder, settings: dict[str, Any], place: Place) -> bool:
    """Whether both kinds of row have the column by which they belong together."""
    column = str(settings["same"])
    for kind in (str(settings["first"]), str(settings["then"])):
        columns = builder.scheme.events[kind].columns
        if column not in columns:
            builder.tell(NameUnknown(place, [column], where=builder.item, name=f"{kind}.{column}", **did_you_mean(column, columns)))
            return False
    return True


def apply(context: Context, node: Node) -> Column:
    """For each person how many different things happened (`gives: first`), or were followed (`gives: matched`).

    A thing counts once, however often it came or was followed; a row of the first kind without a
    name counts as many things as its `count` says, and is never followed. Where both kinds are one,
    a row does not follow itself; one whose `count` says that it came more often does.
    """
    things, unnamed = _things(context, node)
    if node.params["gives"] == "first":
        counts = [len(things[person]) + unnamed[person] for person in range(context.size(PEOPLE))]
    else:
        followed = _followed(context, node, things)
        counts = [len(followed[person]) for person in range(context.size(PEOPLE))]
    return Column.whole(counts)


def _things(context: Context, node: Node) -> tuple[dict[int, dict[str, list[int]]], dict[int, int]]:
    """Each person's things with their rows, and how many things have no name."""
    name, _, count, persons = _columns(context, node, "first")
    things: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    unnamed: dict[int, int] = defaultdict(int)
    for row, person in enumerate(persons):
        word = name[row]
        if word is None:
            unnamed[person] += count[row]
        else:
            things[person][word].append(row)
    return things, unnamed


def _followed(context: Context, node: Node, things: dict[int, dict[str, list[int]]]) -> dict[int, set[str]]:
    """The things of each person that were followed in time."""
    where, limit = context.truth(node.inputs[0], f"event.{node.params['then']}"), context.number(node.inputs[1], node.frame)
    first_day = _columns(context, node, "first")[1]
    name, day, count, persons = _columns(context, node, "then")
    alike = node.params["first"] == node.params["then"]
    followed: dict[int, set[str]] = defaultdict(set)
    for row, person in enumerate(persons):
        word, most = name[row], limit[person]
        if word is None or most is None or not where[row]:
            continue
        before = [other for other in things[person].get(word, ()) if not alike or other != row or count[row] > 1]
        if any(0 <= day[row] - first_day[other] <= most for other in before):
            followed[person].add(word)
    return followed


def _columns(context: Context, node: Node, side: str) -> tuple[Words, list[int], list[int], list[int]]:
    """Of each row of one kind: what it is about, its day, how often it came, whose it is."""
    frame = f"event.{node.params[side]}"
    persons = [int(person) for person in context.links(frame, PEOPLE).parent]
    day, count = (np.broadcast_to(context.number(["fact", fact], frame).n.v, len(persons)).tolist() for fact in ("at", "count"))
    return context.words(["fact", node.params["same"]], frame), day, count, persons


def tell(teller: Teller, node: Node, row: int) -> Line:
    """What was counted, and within how many days; the records of both kinds."""
    first, then = (teller.name("event", node.params[side]) for side in ("first", "then"))
    kinds = ("first",) if node.params["gives"] == "first" or node.params["first"] == node.params["then"] else ("first", "then")
    parts = tuple(_records(teller, node, side, row) for side in kinds)
    if node.params["gives"] == "first":
        return Line(teller.say(f"{first}，同一件只计一次", f"{first}, each counted once"), parts=parts)
    days = teller.shown(node.inputs[1], node.frame, row)
    return Line(teller.say(f"{first} 后 {days} 天内 {then}", f"{first} followed within {days} days by {then}"), parts=parts)


def _records(teller: Teller, node: Node, side: str, row: int) -> Part:
    frame = f"event.{node.params[side]}"
    rows = tuple(teller.rows(frame, node.frame, row))
    words = teller.say(f"{len(rows)} 条记录", f"{len(rows)} {'record' if len(rows) == 1 else 'records'}")
    return Part(teller.name("event", node.params[side]), None, words, rows=Rows(frame, rows, (None,) * len(rows)))


def describe(describer: Describer, body: Body) -> Wording:
    """What is counted: records of one kind, or those followed by another within some days."""
    assert body.story is not None
    settings = body.story.settings
    first, then = (describer.quoted(describer.name("event", str(settings[key]))) for key in ("first", "then"))
    if settings["gives"] == "first":
        return Wording(describer.equals(describer.say(f"{first}的件数", f"number of {first} records")))
    written = describer.formula(str(settings["days"]))
    days = written if written.isdigit() else describer.quoted(written)
    same = describer.name("column", f"{settings['first']}.{settings['same']}")
    where = _told_where(describer, settings)
    zh = f"{first}之后{days}天内，同一{same}又有{then}{where}的件数"
    en = f"number of {first} records followed within {days} days by {then}{where} with the same {same}"
    return Wording(describer.equals(describer.say(zh, en)))


def _told_where(describer: Describer, settings: dict[str, Any]) -> str:
    """The condition on the second kind of record, in brackets; nothing for none."""
    if "where" not in settings:
        return ""
    condition = describer.condition(str(settings["where"]), str(settings["then"]))
    return describer.say(f"（{condition}）", f" (where {condition})")


RULE = Rule("matched_within", 1, build, apply, tell, "限期内再次发生 | followed within some days", describe)
