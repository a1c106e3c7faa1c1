"""What has to be asked about an item, and what an answer makes of it. Nothing here guesses: without an answer the question stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import get_args

from kaohe.drafting.amounts import ALL, NONE, Points, Scope
from kaohe.drafting.bands import Doubt
from kaohe.drafting.bandwork import HALF, Banded, Side, points_at, with_decimals, with_edge, with_gap, with_rest
from kaohe.drafting.describing import describe, tell_level, tell_points
from kaohe.drafting.items import Item, best_of, is_money, takes_from_full
from kaohe.drafting.readings import (
    AllOrNothing,
    Limits,
    OnLine,
    PerEvent,
    PerStep,
    PlacePoints,
    Proportion,
    Rating,
    Reading,
    Shown,
    Tiers,
)
from kaohe.drafting.rows import Typed
from kaohe.numbers import parse_number, write_number
from kaohe.problems import Problem
from kaohe.texts import Text

Settle = Callable[[Item, str], Item | None]
SIDES: tuple[Side, ...] = ("upper", "lower")
AGAIN = Text("用别的话重写这一格", "the cell in other words")
A_NUMBER = Text("一个数", "a number")


@dataclass(frozen=True)
class Choice:
    """One answer that may be given, and what it means."""

    key: str
    means: Text


@dataclass(frozen=True)
class Question:
    """One question: about which cell, what is asked, what may be answered, and what an answer does."""

    id: str
    about: str
    cell: Typed
    ask: Text
    choices: tuple[Choice, ...]
    settle: Settle
    free: Text | None = None

    def allowed(self) -> Text:
        """What may be answered, in a line."""
        keys = [choice.key for choice in self.choices]
        zh = [*keys, *([self.free.zh] if self.free else [])]
        en = [*keys, *([self.free.en] if self.free else [])]
        return Text("、".join(zh), ", ".join(en))


def questions_of(item: Item) -> list[Question]:
    """Every question that an item still leaves open, those first after which the cell is read again."""
    if item.way:
        return []
    found = [question for doubt in item.doubts for question in _of_doubt(item, doubt)]
    found += _scale(item) + _base(item) if not any(question.id.endswith(".meaning") for question in found) else []
    if not found and (item.reading is None or not is_writable(item.reading)):
        found = [_how(item)]
    order = {kind: place for place, kind in enumerate(("meaning", "scale", *_ASK))}
    kept = {question.id: question for question in found if question.id not in item.settled}
    return sorted(kept.values(), key=lambda question: order.get(question.id.rpartition(".")[2].partition("_")[0], len(order)))


def _of_doubt(item: Item, doubt: Doubt) -> Iterator[Question]:
    asked = _ASK[doubt.kind](item, doubt)
    if asked is not None:
        yield asked


def _question(item: Item, kind: str, ask: Text, choices: list[Choice], settle: Settle, free: Text | None = None) -> Question:
    return Question(
        f"{item.id}.{kind}", item.name, Typed(item.text, item.at), ask, tuple(choices), _marking(f"{item.id}.{kind}", settle), free
    )


def _marking(name: str, settle: Settle) -> Settle:
    """The same, and the question counted as answered."""

    def marked(item: Item, answer: str) -> Item | None:
        found = settle(item, answer)
        return None if found is None else replace(found, settled=found.settled | {name})

    return marked


def _number(answer: str) -> Fraction | None:
    """A number as somebody types it: 5, 5分, 80%."""
    number = parse_number(answer.strip().rstrip("分元点次天"))
    return None if isinstance(number, Problem) else number


def _points(answer: str) -> Points | None:
    """Points as somebody types them: 5, full, 80%."""
    if answer in ("full", "满分"):
        return ALL
    number = _number(answer)
    return None if number is None else Points(number, answer.strip().endswith(("%", "％")))


def _without(item: Item, doubt: Doubt, reading: Reading | None) -> Item:
    return replace(item, reading=reading, doubts=tuple(other for other in item.doubts if other is not doubt))


# --- edges, gaps, the rest ----------------------------------------------------------------------------------


def _edge(item: Item, doubt: Doubt) -> Question | None:
    """Whom a number belongs to."""
    reading, end = item.reading, doubt.high or doubt.low
    if isinstance(reading, (PerStep, Proportion)) and reading.zero is not None:
        return _zero_edge(item, doubt, reading)
    if not isinstance(reading, (Tiers, AllOrNothing)):
        return _how(item, doubt)
    if end is None:
        return None
    level = tell_level(end.level, item.unit)
    written = Shown(item.unit).number(end.level)
    choices = [Choice(side, _gets(with_edge(reading, end.level, side), end.at, level, item)) for side in SIDES]

    def settle(item: Item, answer: str) -> Item | None:
        side = next((side for side in SIDES if side == answer), None)
        if side is None or not isinstance(item.reading, (Tiers, AllOrNothing)):
            return None
        return _without(item, doubt, with_edge(item.reading, end.level, side))

    ask = Text(f"正好 {level.zh} 算哪一档？", f"which band has exactly {level.en}?")
    return _question(item, f"{doubt.kind}_{written}", ask, choices, settle)


def _gets(reading: Banded, value: Fraction, level: Text, item: Item) -> Text:
    points = points_at(reading, value)
    told = tell_points(points) if points is not None else Text("没有说到的分数", "what is not told")
    return Text(f"{level.zh} 得 {told.zh}", f"{level.en} gives {told.en}")


def _zero_edge(item: Item, doubt: Doubt, reading: PerStep | Proportion) -> Question:
    edge = reading.zero
    assert edge is not None
    level = tell_level(edge.at, item.unit)
    kinds = {"zero": "up_to" if edge.side == "below" else "from", "scored": "below" if edge.side == "below" else "above"}

    def settle(item: Item, answer: str) -> Item | None:
        if answer not in kinds or not isinstance(item.reading, (PerStep, Proportion)) or item.reading.zero is None:
            return None
        return _without(item, doubt, replace(item.reading, zero=replace(item.reading.zero, kind=kinds[answer], side="")))  # type: ignore[arg-type]

    choices = [
        Choice("zero", Text(f"{level.zh} 得 0 分", f"{level.en} gives 0")),
        Choice("scored", Text(f"{level.zh} 仍照前面计分", f"{level.en} is still scored as before")),
    ]
    return _question(item, doubt.kind, Text(f"正好 {level.zh} 得 0 分吗？", f"does exactly {level.en} give 0?"), choices, settle)


def _gap(item: Item, doubt: Doubt) -> Question | None:
    """What values between two bands get."""
    reading, low, high = item.reading, doubt.low, doubt.high
    if not isinstance(reading, Tiers) or low is None or high is None:
        return _how(item, doubt)
    lower, upper = (
        points_at(reading, low.at if low.included is not False else low.at - low.digit),
        points_at(reading, high.at if high.included is not False else high.at + high.digit),
    )
    choices = [Choice("0", Text("0 分", "0 points"))]
    known: dict[str, Points] = {"0": NONE}
    for key, points, zh, en in (("lower", lower, "同低的一档", "as the band below"), ("upper", upper, "同高的一档", "as the band above")):
        if points is not None:
            told, known = tell_points(points), {**known, key: points}
            choices.append(Choice(key, Text(f"{zh}，{told.zh}", f"{en}, {told.en}")))

    def settle(item: Item, answer: str) -> Item | None:
        points = known.get(answer) or _points(answer)
        if points is None or not isinstance(item.reading, Tiers):
            return None
        return _without(item, doubt, with_gap(item.reading, low, high, points))

    ends = (tell_level(low.level, item.unit), tell_level(high.level, item.unit))
    ask = Text(
        f"{ends[0].zh} 与 {ends[1].zh} 之间没有说到，得几分？", f"nothing is said between {ends[0].en} and {ends[1].en}: how many points?"
    )
    return _question(item, f"gap_{Shown(item.unit).number(low.level)}", ask, choices, settle, A_NUMBER)


def _rest(item: Item, doubt: Doubt) -> Question | None:
    """What all others get."""

    def settle(item: Item, answer: str) -> Item | None:
        points = _points(answer)
        return None if points is None else _without(item, doubt, _resting(item.reading, points))

    end = doubt.low or doubt.high
    level = tell_level(end.level, item.unit) if end is not None else None
    beyond = "高于" if doubt.high is None else "低于"
    ask = Text("没有说到的情形得几分？", "how many points where nothing is said?")
    if level is not None and isinstance(item.reading, Tiers):
        ask = Text(
            f"{beyond} {level.zh} 的没有说到，得几分？",
            f"nothing is said {'above' if doubt.high is None else 'below'} {level.en}: how many points?",
        )
    kind = "rest" if end is None else f"rest_{'above' if doubt.high is None else 'below'}"
    return _question(
        item, kind, ask, [Choice("0", Text("0 分", "0 points")), Choice("full", Text("满分", "full points"))], settle, A_NUMBER
    )


def _resting(reading: Reading | None, points: Points) -> Reading | None:
    if isinstance(reading, Tiers):
        return reading if any(not band.edges for band in reading.bands) else with_rest(reading, points)
    return replace(reading, rest=points) if isinstance(reading, (OnLine, PlacePoints)) else reading


def _decimals(item: Item, doubt: Doubt) -> Question | None:
    """Where 89.5 belongs, between 80-89 and 90-100."""
    reading, low, high = item.reading, doubt.low, doubt.high
    if not isinstance(reading, (Tiers, AllOrNothing)) or low is None or high is None:
        return None
    between = (low.at + high.at) * HALF
    ends = (tell_level(low.at, item.unit), tell_level(high.at, item.unit))
    middle = tell_level(between, item.unit)
    choices = [Choice(side, _gets(with_decimals(reading, low, high, side), between, middle, item)) for side in SIDES]

    def settle(item: Item, answer: str) -> Item | None:
        side = next((side for side in SIDES if side == answer), None)
        if side is None or not isinstance(item.reading, (Tiers, AllOrNothing)):
            return None
        return _without(item, doubt, with_decimals(item.reading, low, high, side))

    ask = Text(
        f"{ends[0].zh} 与 {ends[1].zh} 之间（如 {middle.zh}）算哪一档？",
        f"which band has what lies between {ends[0].en} and {ends[1].en}, such as {middle.en}?",
    )
    return _question(item, f"decimals_{Shown(item.unit).number(high.at)}", ask, choices, settle)


# --- what the other columns would tell -------------------------------------------------------------------


UNITS = {
    "ratio": Text("比率（%）", "a rate (%)"),
    "points": Text("分", "points"),
    "count": Text("次数、件数", "a count"),
    "seconds": Text("秒", "seconds"),
    "minutes": Text("分钟", "minutes"),
    "hours": Text("小时", "hours"),
    "days": Text("天", "days"),
    "yuan": Text("元", "yuan"),
}


def _unit(item: Item, doubt: Doubt) -> Question:
    choices = [Choice(unit, means) for unit, means in UNITS.items()]
    ask = Text("考核的数值是什么单位？", "in which unit is the value?")
    return _question(item, "unit", ask, choices, lambda item, answer: _with_unit(item, answer) if answer in UNITS else None)


def _with_unit(item: Item, unit: str) -> Item:
    again = item.read_again(unit=unit)
    return replace(again, doubts=tuple(doubt for doubt in again.doubts if doubt.kind != "unit"))


def _target(item: Item, doubt: Doubt) -> Question:
    ask = Text("目标值是多少？", "what is the target?")
    free = Text("目标，如 95%、≥95%、30秒", "a target such as 95% or ≥95%")
    return _question(
        item,
        "target",
        ask,
        [],
        lambda item, answer: item.read_again(target=answer) if any(letter.isdigit() for letter in answer) else None,
        free,
    )


def _direction(item: Item, doubt: Doubt) -> Question:
    choices = [Choice("higher", Text("越高越好", "higher is better")), Choice("lower", Text("越低越好", "lower is better"))]
    ask = Text("数值越高越好，还是越低越好？", "are higher or lower values better?")
    return _question(
        item, "direction", ask, choices, lambda item, answer: item.read_again(direction=answer) if answer in ("higher", "lower") else None
    )


def _full(item: Item, doubt: Doubt) -> Question:
    def settle(item: Item, answer: str) -> Item | None:
        number = _number(answer)
        return None if number is None or number <= 0 else replace(item, worth=number, out_of=number).read_again(full=number)

    return _question(item, "full", Text("这一项满分多少？", "how many points is the item worth?"), [], settle, A_NUMBER)


def _who_rates(item: Item, doubt: Doubt) -> Question:
    def settle(item: Item, answer: str) -> Item | None:
        names = tuple((name, None) for name in answer.replace(",", "、").replace("，", "、").split("、") if name.strip())
        return _without(item, doubt, replace(item.reading, raters=names)) if names and isinstance(item.reading, Rating) else None

    free = Text("一方或几方，用顿号隔开", "one or more, with commas between")
    return _question(item, "who_rates", Text("由谁评分？", "who rates?"), [], settle, free)


def _event(item: Item, doubt: Doubt) -> Question:
    def settle(item: Item, answer: str) -> Item | None:
        return _without(item, doubt, _naming(item.reading, answer)) if answer else None

    return _question(item, "event", Text("发生的是什么事？", "what is it that happens?"), [], settle, Text("事情的名字", "its name"))


def _naming(reading: Reading | None, name: str) -> Reading | None:
    if isinstance(reading, PerEvent):
        return replace(reading, events=tuple(row if row.event else replace(row, event=name) for row in reading.events))
    if reading is not None and reading.veto is not None and not reading.veto.event:
        return replace(reading, veto=replace(reading.veto, event=name))
    return reading


# --- ends and steps --------------------------------------------------------------------------------------


def _floor(item: Item, doubt: Doubt) -> Question:
    def settle(item: Item, answer: str) -> Item | None:
        if not isinstance(item.reading, (Limits, PlacePoints)):
            return None
        if answer == "none":
            return _without(item, doubt, replace(item.reading, endless=True) if isinstance(item.reading, Limits) else item.reading)
        points = _points(answer)
        return None if points is None else _without(item, doubt, replace(item.reading, floor=points))

    choices = [Choice("0", Text("扣到 0 分为止", "0 points")), Choice("none", Text("不设下限，可以为负", "no floor, it may fall below 0"))]
    return _question(item, "floor", Text("最多扣到几分？", "how far down may it go?"), choices, settle, A_NUMBER)


def _cap(item: Item, doubt: Doubt) -> Question:
    rate = isinstance(item.reading, Proportion)

    def settle(item: Item, answer: str) -> Item | None:
        reading = item.reading
        if answer == "none" and isinstance(reading, (Limits, Proportion)):
            return _without(item, doubt, replace(reading, endless=True))
        points = _points(answer)
        if points is None or not isinstance(reading, (Limits, Proportion)):
            return None
        if isinstance(reading, Proportion) and points.is_share:
            return _without(item, doubt, replace(reading, most=points.number))
        return _without(item, doubt, replace(reading, cap=points))

    choices = [Choice("full", Text("最高到满分", "full points at most")), Choice("none", Text("不封顶", "no cap"))]
    if rate:
        choices.append(Choice("120%", Text("最高到满分的 120%", "120% of full points at most")))
    free = Text("一个数，或百分比", "a number or a percentage") if rate else A_NUMBER
    return _question(item, "cap", Text("最高到几分？", "how far up may it go?"), choices, settle, free)


def _step(item: Item, doubt: Doubt) -> Question:
    means = {
        "none": Text("按比例计", "in proportion"),
        "up": Text("按一档计", "counts as a whole step"),
        "down": Text("不计", "counts nothing"),
    }

    def settle(item: Item, answer: str) -> Item | None:
        if answer not in means or not isinstance(item.reading, PerStep):
            return None
        return _without(item, doubt, replace(item.reading, whole=answer))  # type: ignore[arg-type]

    by = item.reading.steps[0].by if isinstance(item.reading, PerStep) else Fraction(1)
    level = tell_level(by, item.unit)
    ask = Text(f"不足 {level.zh}的部分怎么计？", f"what does a part of {level.en} count?")
    return _question(item, "step", ask, [Choice(key, text) for key, text in means.items()], settle)


# --- what nobody could read -----------------------------------------------------------------------------


def _meaning(item: Item, doubt: Doubt) -> Question:
    return _how(item, doubt)


SCOPES = {"item": Text("只影响本项", "this item only"), "total": Text("总分清零", "the total")}
WAYS = {
    "rated": Text("改为由人评分", "have people rate it"),
    "entered": Text("每期由人填写得分", "somebody enters the points each period"),
    "by_hand": Text("我自己写：原文留在方案的注释里", "I write it by hand: the text is left in the scheme as a comment"),
}


def _how(item: Item, doubt: Doubt | None = None) -> Question:
    """What becomes of a cell that is not understood, understood in doubt, or not to be written as it stands."""
    understood = describe(item.reading, item.unit)
    choices = _accepting(item) + [Choice(key, means) for key, means in WAYS.items()]

    def settle(item: Item, answer: str) -> Item | None:
        if answer not in [choice.key for choice in choices]:
            return _reworded(item, answer)
        return _decided(item, answer)

    ask = Text("这一格没有读懂，怎么办？", "this cell was not understood: what shall become of it?")
    if item.reading is None and not item.doubts:
        ask = Text("没有写怎么评分，怎么办？", "it is not said how this is scored: what shall become of it?")
    if item.reading is not None and is_writable(item.reading):
        ask = Text(f"这样理解对吗：{understood.zh}", f"is this how it is meant: {understood.en}")
    elif item.reading is not None:
        ask = Text(
            f"读懂了（{understood.zh}），但写不成方案的规则，怎么办？",
            f"understood ({understood.en}), but the scheme has no rule for it: what shall become of it?",
        )
    return _question(item, "meaning", ask, choices, settle, AGAIN)


def _accepting(item: Item) -> list[Choice]:
    reading = item.reading
    if reading is None or not is_writable(reading):
        return []
    if reading.veto is not None and reading.veto.scope is None:
        return [Choice(scope, means) for scope, means in SCOPES.items()]
    return [Choice("yes", Text("对，就这样", "yes"))]


def _decided(item: Item, answer: str) -> Item:
    plain = replace(item, doubts=tuple(doubt for doubt in item.doubts if doubt.kind != "meaning"))
    if answer == "rated":
        return _rated(plain)
    if answer in WAYS:
        return replace(plain, way=answer, reading=None, doubts=())
    if answer in SCOPES and plain.reading is not None and plain.reading.veto is not None:
        scope: Scope = next(scope for scope in get_args(Scope) if scope == answer)
        veto = replace(plain.reading.veto, scope=scope)  # type: ignore[arg-type]
        return replace(plain, reading=replace(plain.reading, veto=veto))
    return plain


def _rated(item: Item) -> Item:
    """The item rated by people, from 0 to what it is worth."""
    return item.read_again("打分")


def _reworded(item: Item, text: str) -> Item | None:
    """The item with the cell read in the words of the answer; None where those are not understood either."""
    again = item.read_again(text)
    if again.reading is None or any(doubt.kind == "meaning" for doubt in again.doubts):
        return None
    return again


def is_writable(reading: Reading) -> bool:
    """Whether the scheme language has a rule for it."""
    if reading.veto is not None and reading.veto.scope == "pay":
        return False
    if isinstance(reading, PlacePoints):
        plain = all(isinstance(place, int) and place > 0 for place, _ in reading.points)
        return plain and reading.each is None and not reading.floor
    if isinstance(reading, Proportion):
        return not (reading.part and reading.of is not None and not reading.times)
    if isinstance(reading, Rating):
        return reading.mean != "trimmed" and not any(isinstance(points, tuple) for _, points in reading.marks)
    if isinstance(reading, OnLine):
        return len(reading.points) > 1
    return not getattr(reading, "bands", ()) or isinstance(reading, Tiers)


# --- how points relate to weights ------------------------------------------------------------------------


def _scale(item: Item) -> list[Question]:
    """Whether the points of a cell are points of the total, of a hundred, or a share of the weight."""
    best, worth = best_of(item.reading), item.worth
    if worth is None or item.reading is None or is_money(item.reading) or item.settled & {"scale", f"{item.id}.scale"}:
        return []
    taken = takes_from_full(item.reading) and item.in_percent
    if not taken and (best is None or best == item.out_of or (best == 100 and item.in_percent)):
        return []
    shown = write_number(worth)
    choices = [Choice("written", Text("照写：一分就是总分的一分", "as written: a point is a point of the total"))]
    if item.in_percent:
        choices.append(Choice("hundred", Text("每项先按 100 分计，再乘权重", "each item is scored out of 100, then weighted")))
    if best is not None and best > 0:
        told = write_number(best)
        choices.append(
            Choice(
                "best",
                Text(f"最好的 {told} 分就是全部 {shown} 分，按比例折算", f"the best, {told}, is the whole {shown}; others in proportion"),
            )
        )
    name = "scale" if item.in_percent else f"{item.id}.scale"
    ask = Text(f"权重（分值）{shown} 与格里的分数怎么对应？", f"how do the points of the cell relate to the weight of {shown}?")
    return [Question(name, item.name, Typed(item.text, item.at), ask, tuple(choices), _marking(name, _scaled))]


def _scaled(item: Item, answer: str) -> Item | None:
    best = best_of(item.reading)
    out_of = {"written": item.worth, "hundred": Fraction(100), "best": best if best else item.worth}.get(answer)
    if out_of is None:
        return None
    return replace(item.read_again(full=out_of), out_of=out_of) if takes_from_full(item.reading) else replace(item, out_of=out_of)


def _base(item: Item) -> list[Question]:
    """Where counting starts, if points are only added, or bands add and take."""
    reading = item.reading
    if not takes_from_full(reading) or item.worth is None or item.base or _starts_somewhere(item, reading):
        return []

    def settle(item: Item, answer: str) -> Item | None:
        return replace(item, base=answer) if answer in ("full", "0") else None

    worth = write_number(item.out_of or item.worth)
    choices = [
        Choice("0", Text("从 0 分起，加到才有", "from 0: points must be earned")),
        Choice("full", Text(f"从满分 {worth} 分起", f"from the full {worth} points")),
    ]
    return [_question(item, "base", Text("从几分开始加减？", "from where are points added and taken?"), choices, settle)]


def _starts_somewhere(item: Item, reading: Reading | None) -> bool:
    """Whether the cell itself tells where counting starts, or points are only taken."""
    if isinstance(reading, Tiers):
        return all(band.points.number <= 0 for band in reading.bands)
    if not isinstance(reading, (PerEvent, PerStep)):
        return True
    rows = [row.points for row in (reading.events if isinstance(reading, PerEvent) else reading.steps)]
    ends = [end for end in (reading.cap, reading.most) if end is not None]
    reaches_full = any(item.points(end) == item.out_of for end in ends)
    return reading.base is not None or reaches_full or any(points.number < 0 for points in rows)


Asking = Callable[[Item, Doubt], Question | None]
# In this order: what makes the cell be read again comes first.
_ASK: dict[str, Asking] = {
    "meaning": _meaning,
    "unit": _unit,
    "full": _full,
    "target": _target,
    "direction": _direction,
    "shared_edge": _edge,
    "boundary": _edge,
    "decimals": _decimals,
    "gap": _gap,
    "rest": _rest,
    "event": _event,
    "who_rates": _who_rates,
    "step": _step,
    "floor": _floor,
    "cap": _cap,
}
