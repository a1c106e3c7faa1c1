"""How an indicator's figure becomes points: one row a rule, with what it takes, what it says and how a scheme writes it.

The rules of this table are ways of writing an item in the scheme language, no rules of the engine.
Their numbers become `config` entries, with the usual number as default, so that a company changes
them without touching a formula; where a better and a worse number stand beside each other, a `must`
keeps them apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from kaohe.indicators.choices import Choice, Order, above_zero, bounds_of, choice_of, in_order, number_of, setting_of, spaced, told, written
from kaohe.indicators.model import COMPANY, UNITS, Direction, Indicator, RuleName
from kaohe.numbers import write_number
from kaohe.texts import Text

FULL = 100
FAIR = 60  # 及格: what the middle step of `steps` gives

Why = tuple[str, str]


@dataclass(frozen=True)
class Marks:
    """An item's body in the scheme language, the choices that it asks for, and how these must stand to one another.

    An empty body: no item, only a figure that is shown.
    """

    body: Mapping[str, str]
    choices: tuple[Choice, ...] = ()
    orders: tuple[Order, ...] = ()


def _nothing(indicator: Indicator) -> Iterator[Why]:
    return iter(())


@dataclass(frozen=True)
class Marking:
    """One rule: its name for people, the settings it needs and may have, the directions it suits; writer, sentence, check."""

    name: Text
    needs: tuple[str, ...]
    write: Callable[[Indicator, str], Marks]
    tell: Callable[[Indicator], Text]
    may: tuple[str, ...] = ()
    directions: tuple[Direction, ...] = ("higher", "lower")
    check: Callable[[Indicator], Iterator[Why]] = _nothing


def marks_of(indicator: Indicator, figure: str) -> Marks:
    """How a scheme writes the indicator's usual rule over `figure`, the name of its figure."""
    return MARKINGS[indicator.scored.rule].write(indicator, figure)


def scoring_sentence(indicator: Indicator) -> Text:
    """The usual rule in words, with its usual numbers."""
    marking = MARKINGS[indicator.scored.rule]
    said = marking.tell(indicator)
    return Text(f"{marking.name.zh}：{spaced(said.zh)}", f"{marking.name.en}: {said.en}")


# --- line: full points from here, none from there, straight in between ------------------------------


def _line(indicator: Indicator, figure: str) -> Marks:
    bounds = bounds_of(indicator)
    full = choice_of(indicator, "full", bounds, Text("满分线", "full points from"))
    zero = choice_of(indicator, "zero", bounds, Text("零分线", "no points from"))
    top, bottom = f"config.{full.id}", f"config.{zero.id}"
    rising = indicator.direction == "higher"
    way = f"({figure} - {bottom}) / ({top} - {bottom})" if rising else f"({bottom} - {figure}) / ({bottom} - {top})"
    return Marks({"is": f"{FULL} * {way}", "floor": "0", "cap": str(FULL)}, (full, zero), (in_order(indicator, full, zero),))


def _tell_line(indicator: Indicator) -> Text:
    full, zero = told(indicator, "full"), told(indicator, "zero")
    if indicator.direction == "higher":
        zh, en = f"{full.zh}及以上满分，{zero.zh}及以下零分", f"full points from {full.en} up, none from {zero.en} down"
    else:
        zh, en = f"{full.zh}及以下满分，{zero.zh}及以上零分", f"full points up to {full.en}, none from {zero.en} up"
    return Text(f"{zh}，中间按直线", f"{en}, a straight line in between")


def _check_line(indicator: Indicator) -> Iterator[Why]:
    return _out_of_order(indicator, "full", "zero")


# --- steps: full, fair, nothing -----------------------------------------------------------------------


def _steps(indicator: Indicator, figure: str) -> Marks:
    sign = ">=" if indicator.direction == "higher" else "<="
    bounds = bounds_of(indicator)
    full = choice_of(indicator, "full", bounds, Text("满分线", "full points from"))
    fair = choice_of(indicator, "fair", bounds, Text("及格线", "fair from"))
    otherwise = f"{FAIR} if {figure} {sign} config.{fair.id} else 0"
    return Marks({"is": f"{FULL} if {figure} {sign} config.{full.id} else {otherwise}"}, (full, fair), (in_order(indicator, full, fair),))


def _tell_steps(indicator: Indicator) -> Text:
    full, fair = told(indicator, "full"), told(indicator, "fair")
    edge = Text("及以上", "up") if indicator.direction == "higher" else Text("及以下", "down")
    zh = f"{full.zh}{edge.zh}得{FULL}分，{fair.zh}{edge.zh}得{FAIR}分，其余零分"
    return Text(zh, f"{FULL} points from {full.en} {edge.en}, {FAIR} from {fair.en} {edge.en}, otherwise none")


def _check_steps(indicator: Indicator) -> Iterator[Why]:
    return _out_of_order(indicator, "full", "fair")


def _out_of_order(indicator: Indicator, better: str, worse: str) -> Iterator[Why]:
    """Two numbers that stand the wrong way round for the direction."""
    one, other = number_of(indicator, better), number_of(indicator, worse)
    if one == other or (one > other) != (indicator.direction == "higher"):
        yield f"的 {better} 与 {worse} 次序与方向不合", f"has {better} and {worse} the wrong way round for its direction"


# --- attained: how far a target was reached -----------------------------------------------------------


def _attained(indicator: Indicator, figure: str) -> Marks:
    target = choice_of(indicator, "target", above_zero(indicator), Text("目标", "target"))
    aim = f"config.{target.id}"
    if indicator.direction == "higher":
        return Marks({"is": f"{FULL} * {figure} / {aim}", "cap": _cap(indicator)}, (target,))
    return Marks({"is": f"{FULL} if {figure} <= {aim} else {FULL} * {aim} / {figure}"}, (target,))


def _tell_attained(indicator: Indicator) -> Text:
    target, cap = told(indicator, "target"), _cap(indicator)
    if indicator.direction == "higher":
        zh = f"实绩除以目标（{target.zh}）再乘以{FULL}，最高{cap}分"
        return Text(zh, f"{FULL} times the figure over the target ({target.en}), at most {cap} points")
    zh = f"不超过目标（{target.zh}）得{FULL}分，超过则为目标除以实绩再乘以{FULL}"
    return Text(zh, f"{FULL} points up to the target ({target.en}); beyond it, {FULL} times the target over the figure")


def _cap(indicator: Indicator) -> str:
    return write_number(number_of(indicator, "cap")) if "cap" in indicator.scored.settings() else str(FULL)


# --- near and within: full points around a target, or inside a band -------------------------------------


def _near(indicator: Indicator, figure: str) -> Marks:
    target = choice_of(indicator, "target", above_zero(indicator), Text("目标", "target"))
    tolerance = choice_of(indicator, "tolerance", "from 0 below 1", Text("允许偏差", "tolerance"), unit="ratio")
    off = f"abs({figure} - config.{target.id}) / config.{target.id}"
    return Marks({"is": f"{FULL} * max(0, min(1, 1 + config.{tolerance.id} - {off}))"}, (target, tolerance))


def _tell_near(indicator: Indicator) -> Text:
    target, tolerance = told(indicator, "target"), written(number_of(indicator, "tolerance"), "ratio")
    zh = f"与目标（{target.zh}）相差{tolerance}以内满分，再多差目标的 1% 减 1 分"
    return Text(zh, f"full points within {tolerance} of the target ({target.en}); every further 1% of it costs a point")


def _band(indicator: Indicator, figure: str) -> Marks:
    bounds = above_zero(indicator)
    low = choice_of(indicator, "low", bounds, Text("区间下限", "band from"))
    high = choice_of(indicator, "high", bounds, Text("区间上限", "band up to"))
    body = f"{FULL} * min(1, {figure} / config.{low.id}, max(0, 2 - {figure} / config.{high.id}))"
    return Marks({"is": body}, (low, high), (Order(low.id, f"config.{low.id} < config.{high.id}"),))


def _tell_band(indicator: Indicator) -> Text:
    low, high = told(indicator, "low"), told(indicator, "high")
    zh = f"{low.zh}至{high.zh}满分；低于下限按比例减，高于上限按超出的比例减，超出一倍为零分"
    return Text(zh, f"full points from {low.en} to {high.en}; less in proportion below it, and above it down to none at twice its end")


def _check_band(indicator: Indicator) -> Iterator[Why]:
    if not 0 < number_of(indicator, "low") < number_of(indicator, "high"):
        yield "的 low 要大于 0 且小于 high", "must have low above 0 and below high"


# --- each: so many points for every one -------------------------------------------------------------------


def _each(indicator: Indicator, figure: str) -> Marks:
    start, rising = write_number(number_of(indicator, "start")), indicator.direction == "higher"
    each = choice_of(indicator, "each", f"above 0 up_to {FULL}", Text("每次分值", "points for each"), unit="points")
    limits = {"cap": _cap(indicator)} if rising else {"floor": "0"}
    return Marks({"is": f"{start} {'+' if rising else '-'} config.{each.id} * {figure}", **limits}, (each,))


def _tell_each(indicator: Indicator) -> Text:
    start, each = (write_number(number_of(indicator, name)) for name in ("start", "each"))
    one = (indicator.counted_in or UNITS[indicator.unit]).zh
    if indicator.direction == "higher":
        zh, en = f"从{start}分起，每一{one}加{each}分，最高{_cap(indicator)}分", f"plus {each} for each, at most {_cap(indicator)}"
    else:
        zh, en = f"从{start}分起，每一{one}减{each}分，减完为止", f"less {each} for each, not below 0"
    return Text(zh, f"from {start}, {en}")


# --- limit, as they are, watched ----------------------------------------------------------------------------


def _limit(indicator: Indicator, figure: str) -> Marks:
    sign = ">=" if indicator.direction == "higher" else "<="
    limit = choice_of(indicator, "limit", bounds_of(indicator), Text("界限", "limit"))
    return Marks({"is": f"{FULL} if {figure} {sign} config.{limit.id} else 0"}, (limit,))


def _tell_limit(indicator: Indicator) -> Text:
    limit = told(indicator, "limit")
    zh, en = ("达到", "from") if indicator.direction == "higher" else ("不超过", "up to")
    return Text(f"{zh}{limit.zh}得{FULL}分，否则零分", f"{FULL} points {en} {limit.en}, otherwise none")


def _as_points(indicator: Indicator, figure: str) -> Marks:
    return Marks({"is": f"{FULL} * {figure}" if indicator.unit == "ratio" else figure})


def _tell_points(indicator: Indicator) -> Text:
    if indicator.unit == "ratio":
        return Text(f"得分率乘以{FULL}", f"{FULL} times the share of the points")
    return Text("本身就是百分制得分", "already points out of 100")


def _check_points(indicator: Indicator) -> Iterator[Why]:
    least, most = indicator.ends()
    greatest = {"ratio": 1, "points": FULL}.get(indicator.unit)
    if greatest is None or least != 0 or most != greatest:
        yield "只用于 0 到 100 的分数或 0 到 1 的得分率", "is for points from 0 to 100 or a share from 0 to 1"


def _watched(indicator: Indicator, figure: str) -> Marks:
    return Marks({})


def _tell_watched(indicator: Indicator) -> Text:
    return Text("列出来看，不计分", "shown, not scored")


MARKINGS: dict[RuleName, Marking] = {
    "line": Marking(Text("线性", "On a line"), ("full", "zero"), _line, _tell_line, check=_check_line),
    "steps": Marking(Text("分档", "In steps"), ("full", "fair"), _steps, _tell_steps, check=_check_steps),
    "attained": Marking(Text("达成率", "Against a target"), ("target",), _attained, _tell_attained, may=("cap",)),
    "near": Marking(Text("接近目标", "Near a target"), ("target", "tolerance"), _near, _tell_near, directions=("neither",)),
    "within": Marking(Text("区间", "Within a band"), ("low", "high"), _band, _tell_band, directions=("neither",), check=_check_band),
    "each": Marking(Text("按次加减", "For each"), ("start", "each"), _each, _tell_each, may=("cap",)),
    "limit": Marking(Text("红线", "A limit"), ("limit",), _limit, _tell_limit),
    "as_points": Marking(Text("原分", "As it is"), (), _as_points, _tell_points, directions=("higher",), check=_check_points),
    "watched": Marking(Text("观察", "Watched"), (), _watched, _tell_watched, directions=("higher", "lower", "neither")),
}

COMPANY_MAY_GIVE = ("target", "limit")
OF_ITS_OWN = ("start", "each", "cap", "tolerance")  # numbers that are points or shares whatever the indicator's unit


def scoring_faults(indicator: Indicator) -> Iterator[Why]:
    """Why the settings of an indicator's rule cannot be, each in both languages."""
    marking, settings = MARKINGS[indicator.scored.rule], indicator.scored.settings()
    lacking = [name for name in marking.needs if name not in settings]
    yield from ((f"缺少 {name}", f"lacks {name}") for name in lacking)
    yield from ((f"不用 {name}", f"has no use for {name}") for name in settings if name not in (*marking.needs, *marking.may))
    if indicator.direction not in marking.directions:
        yield f"不适合方向为 {indicator.direction} 的指标", f"does not suit the direction {indicator.direction}"
    elif not lacking:
        numbers = list(_numbers_wrong(indicator))
        yield from numbers or marking.check(indicator)


def _numbers_wrong(indicator: Indicator) -> Iterator[Why]:
    """Numbers that the company may not be left to give, and such as the figure can never be."""
    least, most = indicator.ends()
    for name, value in indicator.scored.settings().items():
        if value == COMPANY and name not in COMPANY_MAY_GIVE:
            yield f"的 {name} 要写数字", f"must have a number for {name}"
        elif isinstance(value, Fraction) and name not in OF_ITS_OWN and _outside(value, least, most):
            yield f"的 {name} 超出指标的范围", f"has a {name} that the figure can never be"
        elif name == "target" and setting_of(indicator, name) == 0:
            yield "的 target 要大于 0", "must have a target above 0"


def _outside(value: Fraction, least: Fraction | None, most: Fraction | None) -> bool:
    return (least is not None and value < least) or (most is not None and value > most)
