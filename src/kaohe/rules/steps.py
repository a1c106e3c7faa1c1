"""Steps of a procedure in their order: how far each subject has come, as the name of the furthest step.

`story: {rule: steps@1, settings: {order: [agreed, rated, interview, signed]}}`

That a step may only follow another is said where the step is declared (`after: [agreed]`) and is
checked with the facts; here every step that is there counts.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from kaohe.columns import Words
from kaohe.plan import Node
from kaohe.problems import Place
from kaohe.rules.door import Builder, Context, Describer, Draft, Line, Rule, Teller, Wording
from kaohe.scheme import Body
from kaohe.scheme_problems import SettingWrong


def build(builder: Builder, body: Body, frame: str, place: Place) -> Draft:
    """Inputs: for each step of the order how often it happened."""
    assert body.story is not None
    order = _order(body.story.settings)
    if not order:
        words = {"detail_zh": "缺少设置 order", "detail_en": "it lacks the setting order", "known": "order"}
        builder.tell(SettingWrong(place, [builder.item], where=builder.item, rule=RULE.key, **words))
    inputs = [builder.rows(step, frame, "1", None, "sum", place) for step in order]
    return Draft(inputs, {"order": order}, "words", "", vocabulary=tuple(order))


def _order(settings: dict[str, Any]) -> list[str]:
    written = settings.get("order", [])
    return [str(step) for step in (written if isinstance(written, (list, tuple)) else [written])]


def apply(context: Context, node: Node) -> Words:
    """The furthest step of the order that happened, whatever the days on which steps happened; no word without any."""
    furthest = np.full(context.size(node.frame), -1, dtype=np.int64)
    for place, tree in enumerate(node.inputs):
        happened = (context.number(tree, node.frame).n.v > 0) & np.ones(furthest.size, dtype=bool)
        furthest = np.where(happened, place, furthest)
    return Words(furthest, node.params["order"])


def tell(teller: Teller, node: Node, row: int) -> Line:
    """The steps that happened, in the order of the procedure."""
    steps = zip(node.params["order"], node.inputs, strict=True)
    done = [step for step, tree in steps if teller.number(tree, node.frame, row) and teller.shown(tree, node.frame, row)]
    return Line(" → ".join(teller.name("event", step) for step in done) or teller.say("尚无步骤", "no step yet"))


def describe(describer: Describer, body: Body) -> Wording:
    """The steps in their order, of which the furthest counts."""
    assert body.story is not None
    steps = [describer.name("event", step) for step in _order(body.story.settings)]
    order = " → ".join(steps)
    return Wording(describer.say(f"下列步骤中已发生的最后一步：{order}", f"The furthest of these steps that has happened: {order}"))


RULE = Rule("steps", 1, build, apply, tell, "步骤进度 | how far a procedure has come", describe)
