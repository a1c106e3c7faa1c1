"""Things of one kind followed by things of another within some days: reopened tickets, repeat contacts.

`story: {rule: matched_within@1, settings: {first: ticket_closed, then: ticket_reopened, same: ticket,
where: same_issue, days: config.reopen_days, gives: matched}}`
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from kaohe.columns import Column, Words
from kaohe.plan import PEOPLE, Node
from kaohe.problems import Place
from kaohe.rules.door import Builder, Context, Draft, Line, Rule, Teller
from kaohe.scheme import Body


def build(builder: Builder, body: Body, frame: str, place: Place) -> Draft:
    """Inputs: the condition on the second kind of row, and the number of days."""
    assert body.story is not None
    settings = body.story.settings
    then = f"event.{settings['then']}"
    where = builder.formula(settings.get("where", "yes"), then, place, "truth")
    days = builder.formula(settings["days"], frame, place, "number")
    params = {key: str(settings[key]) for key in ("first", "then", "same", "gives")}
    return Draft([where, days], params, "number", "", Fraction(0), None)


def apply(context: Context, node: Node) -> Column:
    """For each person how many different things happened (`gives: first`), or were followed (`gives: matched`).

    A thing counts once, however often it came or was followed; a row of the first kind without a
    name counts as many things as its `count` says, and is never followed.
    """
    things, unnamed = _things(context, node)
    if node.params["gives"] == "first":
        counts = [len(things[person]) + unnamed[person] for person in range(context.size(PEOPLE))]
    else:
        followed = _followed(context, node, things)
        counts = [len(followed[person]) for person in range(context.size(PEOPLE))]
    return Column.whole(counts)


def _things(context: Context, node: Node) -> tuple[dict[int, dict[str, list[int]]], dict[int, int]]:
    """Each person's things with their days, and how many things have no name."""
    frame = f"event.{node.params['first']}"
    name, day, count = _row_columns(context, node, frame)
    things: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    unnamed: dict[int, int] = defaultdict(int)
    for row, person in enumerate(context.links(frame, PEOPLE).parent):
        word = name[row]
        if word is None:
            unnamed[int(person)] += int(count[row] or 0)
        else:
            things[int(person)][word].append(int(day[row] or 0))
    return things, unnamed


def _followed(context: Context, node: Node, things: dict[int, dict[str, list[int]]]) -> dict[int, set[str]]:
    """The things of each person that were followed in time."""
    frame = f"event.{node.params['then']}"
    where, limit = context.truth(node.inputs[0], frame), context.number(node.inputs[1], node.frame)
    name, day, _ = _row_columns(context, node, frame)
    followed: dict[int, set[str]] = defaultdict(set)
    for row, person in enumerate(context.links(frame, PEOPLE).parent):
        word, most = name[row], limit[int(person)]
        days = things[int(person)].get(word, []) if word is not None and where[row] else []
        if most is not None and any(0 <= int(day[row] or 0) - before <= most for before in days):
            followed[int(person)].add(str(word))
    return followed


def _row_columns(context: Context, node: Node, frame: str) -> tuple[Words, Column, Column]:
    same = context.words(["fact", node.params["same"]], frame)
    return same, context.number(["fact", "at"], frame), context.number(["fact", "count"], frame)


def tell(teller: Teller, node: Node, row: int) -> Line:
    """What was counted."""
    value = teller.figure(node, row)
    words = teller.say(f"{node.params['first']} 后 {node.params['then']}", f"{node.params['first']} followed by {node.params['then']}")
    return Line(words, "" if value is None else str(value))


RULE = Rule("matched_within", 1, build, apply, tell, "限期内再次发生 | followed within some days")
