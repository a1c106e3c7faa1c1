"""A reading in words, in both languages: what somebody compares with the cell that it was read from."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from kaohe.drafting.amounts import Points
from kaohe.drafting.readings import (
    AllOrNothing,
    Band,
    Edge,
    Level,
    Limits,
    OnLine,
    PayPerUnit,
    PerEvent,
    PerStep,
    PlacePoints,
    Proportion,
    Rating,
    Reading,
    Shown,
    Tiers,
    Veto,
    VetoAlone,
)
from kaohe.numbers import write_number
from kaohe.texts import Text

UNITS = {
    "seconds": Text("秒", "s"),
    "minutes": Text("分钟", "min"),
    "hours": Text("小时", "h"),
    "days": Text("天", "days"),
    "yuan": Text("元", "yuan"),
}
SIGNS = {"from": "≥", "above": ">", "up_to": "≤", "below": "<"}
TARGET = Text("目标", "the target")
SCOPES = {
    "item": Text("本项得 0 分", "the item is 0"),
    "total": Text("总分为 0", "the total is 0"),
    "pay": Text("不发奖金", "no bonus is paid"),
}
WHOLE = {
    "up": Text("不足一档按一档计", "a part of a step counts as one"),
    "down": Text("不足一档不计", "a part of a step counts nothing"),
    "none": Text("不足一档按比例计", "a part of a step counts in proportion"),
}


def joined(parts: list[Text], zh: str = "；", en: str = "; ") -> Text:
    """Several texts as one; empty ones are left out."""
    kept = [part for part in parts if part.zh]
    return Text(zh.join(part.zh for part in kept), en.join(part.en for part in kept))


def tell_points(points: Points) -> Text:
    """10 分, 满分, 满分的 80%."""
    if not points.is_share:
        return Text(f"{write_number(points.number)} 分", f"{write_number(points.number)} point{'' if points.number == 1 else 's'}")
    if points.number == 1:
        return Text("满分", "full points")
    share = f"{write_number(points.number * 100)}%"
    return Text(f"满分的 {share}", f"{share} of full points")


def tell_change(points: Points) -> Text:
    """加 2 分, 扣 5 分, 不加不减."""
    if not points.number:
        return Text("不加不扣", "no change")
    amount = tell_points(Points(abs(points.number), points.is_share))
    return Text(f"{'加' if points.number > 0 else '扣'} {amount.zh}", f"{'+' if points.number > 0 else '−'}{amount.en}")


def tell_level(level: Level, unit: str) -> Text:
    """90%, 30 秒, the target."""
    if isinstance(level, str):
        return TARGET
    number = Shown(unit).number(level)
    word = UNITS.get(unit)
    return Text(f"{number} {word.zh}", f"{number} {word.en}") if word else Text(number, number)


def tell_edge(edge: Edge, unit: str) -> Text:
    """≥ 90%; with a question mark where nobody settles whom the number belongs to."""
    level = tell_level(edge.at, unit)
    if edge.kind != "edge":
        return Text(f"{SIGNS[edge.kind]} {level.zh}", f"{SIGNS[edge.kind]} {level.en}")
    sign = {"above": "≥?", "below": "≤?"}.get(edge.side, "?")
    return Text(f"{sign} {level.zh}", f"{sign} {level.en}")


def tell_stretch(edges: tuple[Edge, ...], unit: str) -> Text:
    """≥ 80% 且 < 90%; 其余 where there is none."""
    if not edges:
        return Text("其余", "otherwise")
    return joined([tell_edge(edge, unit) for edge in edges], " 且 ", " and ")


def describe(reading: Reading | None, unit: str = "") -> Text:
    """What was understood; empty where nothing was."""
    if reading is None:
        return Text("", "")
    unit = reading.unit or unit
    told = _TELLERS[type(reading)](reading, unit)  # type: ignore[operator]
    value = (
        Text(f"值 = {reading.value.part} ÷ {reading.value.of}", f"value = {reading.value.part} ÷ {reading.value.of}")
        if reading.value
        else Text("", "")
    )
    veto = tell_veto(reading.veto) if reading.veto is not None and not isinstance(reading, VetoAlone) else Text("", "")
    return joined([value, told, veto])


def _band(band: Band, unit: str, signed: bool) -> Text:
    stretch = tell_stretch(band.edges, unit)
    gives = tell_change(band.points) if signed else tell_points(band.points)
    return Text(f"{stretch.zh} → {gives.zh}", f"{stretch.en} → {gives.en}")


def _tiers(reading: Tiers, unit: str) -> Text:
    return joined([_band(band, unit, reading.signed) for band in reading.bands])


def _all_or_nothing(reading: AllOrNothing, unit: str) -> Text:
    amount = (
        Text(f"{write_number(reading.points.number)} 元", f"{write_number(reading.points.number)} yuan")
        if reading.is_yuan
        else tell_points(reading.points)
    )
    when = tell_edge(reading.edge, unit) if reading.edge is not None else Text(reading.event, reading.event)
    nothing = Text("否则 0", "otherwise 0")
    return Text(f"{when.zh} → {amount.zh}；{nothing.zh}", f"{when.en} → {amount.en}; {nothing.en}")


def _limits(reading: Limits) -> list[Text]:
    found = []
    if reading.base is not None:
        base = tell_points(reading.base)
        found.append(Text(f"从 {base.zh}起", f"from {base.en}"))
    if reading.floor is not None:
        floor = tell_points(reading.floor)
        found.append(Text(f"最低 {floor.zh}", f"at least {floor.en}"))
    if reading.cap is not None:
        cap = tell_points(reading.cap)
        found.append(Text(f"最高 {cap.zh}", f"at most {cap.en}"))
    if reading.most is not None:
        most, taken = tell_points(reading.most), reading.most_sign < 0
        found.append(Text(f"最多{'扣' if taken else '加'} {most.zh}", f"at most {most.en} {'off' if taken else 'on'}"))
    if reading.endless:
        found.append(Text("不设限", "no limit"))
    if reading.scope == "total":
        found.append(Text("记在总分上", "counted in the total"))
    return found


def _change(points: Points, is_yuan: bool) -> Text:
    if not is_yuan:
        return tell_change(points)
    number = write_number(abs(points.number))
    return Text(f"{'奖' if points.number > 0 else '扣'} {number} 元", f"{'+' if points.number > 0 else '−'}{number} yuan")


def _per_event(reading: PerEvent, unit: str) -> Text:
    rows = []
    for row in reading.events:
        change, name = _change(row.points, reading.is_yuan), row.event
        rows.append(Text(f"每次{name or ''}：{change.zh}", f"each {name or 'time'}: {change.en}"))
    return joined([*rows, *_limits(reading)])


def _per_step(reading: PerStep, unit: str) -> Text:
    line = tell_level(reading.beyond, unit)
    gap = "" if reading.beyond == "target" else " "
    rows = []
    for step in reading.steps:
        by, change = _tell_step(step.by, unit), _change(step.points, reading.is_yuan)
        if reading.event:
            rows.append(Text(f"{reading.event}每{by.zh}：{change.zh}", f"{reading.event}, each {by.en}: {change.en}"))
        else:
            side = Text("低于", "below") if step.side == "below" else Text("高于", "above")
            rows.append(Text(f"{side.zh}{gap}{line.zh}，每{by.zh}：{change.zh}", f"each {by.en} {side.en} {line.en}: {change.en}"))
    whole = WHOLE.get(reading.whole, Text("", ""))
    zero = tell_edge(reading.zero, unit) if reading.zero is not None else Text("", "")
    nothing = Text(f"{zero.zh} → 0 分", f"{zero.en} → 0 points") if reading.zero is not None else Text("", "")
    return joined([*rows, whole, nothing, *_limits(reading)])


def _tell_step(by: Fraction, unit: str) -> Text:
    """天 for one of a unit, else " 5 秒"."""
    word = UNITS.get(unit)
    if by == 1 and word is not None:
        return Text(word.zh, {"s": "second", "min": "minute", "h": "hour"}.get(word.en, word.en.removesuffix("s")))
    level = tell_level(by, unit)
    return Text(f" {level.zh}", level.en)


def _proportion(reading: Proportion, unit: str) -> Text:
    of = reading.of
    if reading.part and of is None:
        rate = Text(reading.part, reading.part)
    elif reading.part:
        rate = Text(f"{reading.part} ÷ {of}", f"{reading.part} ÷ {of}")
    else:
        line = (
            TARGET
            if of == "target"
            else Text(str(of), str(of))
            if isinstance(of, str)
            else tell_level(of, unit)
            if of is not None
            else TARGET
        )
        rate = Text(f"{line.zh} ÷ 实际值", f"{line.en} ÷ actual") if reading.inverse else Text(f"实际值 ÷ {line.zh}", f"actual ÷ {line.en}")
    times = {"weight": Text("权重", "the weight"), "full": Text("满分", "full points"), "": Text("满分", "full points")}
    factor = times.get(reading.times, Text(reading.times, reading.times))
    defines = bool(reading.part) and of is not None and not reading.times
    told = rate if defines else Text(f"{rate.zh} × {factor.zh}", f"{rate.en} × {factor.en}")
    ends = [
        Text(f"{words_zh} {_rate(rate_of)}", f"{words_en} {_rate(rate_of)}")
        for rate_of, words_zh, words_en in ((reading.most, "比例最高", "ratio at most"), (reading.least, "比例最低", "ratio at least"))
        if rate_of is not None
    ]
    points = [
        Text(f"{zh} {tell_points(amount).zh}", f"{en} {tell_points(amount).en}")
        for amount, zh, en in ((reading.cap, "最高", "at most"), (reading.floor, "最低", "at least"))
        if amount is not None
    ]
    zero = tell_edge(reading.zero, unit) if reading.zero is not None else None
    nothing = [Text(f"{zero.zh} → 0 分", f"{zero.en} → 0 points")] if zero else []
    return joined([told, *ends, *points, *nothing])


def _rate(rate: Fraction) -> str:
    return f"{write_number(rate * 100)}%"


def _line(reading: OnLine, unit: str) -> Text:
    ends = [(tell_level(level, unit), tell_points(points)) for level, points in reading.points]
    told = Text(
        "直线：" + "，".join(f"{level.zh} → {points.zh}" for level, points in ends),
        "straight: " + ", ".join(f"{level.en} → {points.en}" for level, points in ends),
    )
    rest = tell_points(reading.rest) if reading.rest is not None else None
    return joined([told, Text(f"线外 {rest.zh}", f"beyond {rest.en}") if rest else Text("", "")])


def _rating(reading: Rating, unit: str) -> Text:
    names = "、".join(name if share is None else f"{name} {_rate(share)}" for name, share in reading.raters)
    scale = ""
    if reading.low is not None and reading.high is not None:
        scale = f"{write_number(reading.low)}–{write_number(reading.high)}"
    marks = "，".join(f"{mark} {_mark(points)}" for mark, points in reading.marks)
    how = {"even": Text("取平均", "their mean"), "trimmed": Text("去掉最高最低取平均", "mean without the highest and lowest")}.get(
        reading.mean, Text("", "")
    )
    by = Text(f"{names or '?'}评分", f"rated by {names or '?'}")
    return joined([by, Text(scale and f"{scale} 分", scale and f"{scale} points"), Text(marks, marks), how])


def _mark(points: Points | tuple[Fraction, Fraction]) -> str:
    return points.write() if isinstance(points, Points) else f"{write_number(points[0])}–{write_number(points[1])}"


def tell_veto(veto: Veto) -> Text:
    """重大投诉 → 本项得 0 分."""
    scope = SCOPES[veto.scope] if veto.scope is not None else Text("一票否决（范围未说明）", "takes everything (of what is not told)")
    event = veto.event or Text("发生", "it happens").zh
    many = f" {SIGNS[veto.edge.kind]} {write_number(veto.edge.at)}" if veto.edge is not None and not isinstance(veto.edge.at, str) else ""
    return Text(f"{event}{many} → {scope.zh}", f"{veto.event or 'it happens'}{many} → {scope.en}")


def _veto(reading: VetoAlone, unit: str) -> Text:
    return tell_veto(reading.veto) if reading.veto is not None else Text("", "")


def _places(reading: PlacePoints, unit: str) -> Text:
    tell: Callable[[Points], Text] = tell_change if reading.signed else tell_points
    rows = []
    for place, points in reading.points:
        gives = tell(points)
        if isinstance(place, int):
            name = Text(f"第 {place} 名", f"place {place}") if place > 0 else Text(f"倒数第 {-place} 名", f"place {-place} from the end")
        else:
            name = Text(f"{'前' if place > 0 else '后'} {_rate(abs(place))}", f"{'first' if place > 0 else 'last'} {_rate(abs(place))}")
        rows.append(Text(f"{name.zh} → {gives.zh}", f"{name.en} → {gives.en}"))
    if reading.rest is not None:
        rest = tell(reading.rest)
        rows.append(Text(f"其余 → {rest.zh}", f"the others → {rest.en}"))
    if reading.each is not None:
        each = tell_change(reading.each)
        rows.append(Text(f"每后一名{each.zh}", f"each further place {each.en}"))
    return joined(rows)


def _pay(reading: PayPerUnit, unit: str) -> Text:
    rows = []
    if reading.yuan is not None:
        rows.append(Text(f"每{reading.each} {write_number(reading.yuan)} 元", f"{write_number(reading.yuan)} yuan for each {reading.each}"))
    if reading.share is not None:
        rows.append(Text(f"{reading.of or '金额'}的 {_rate(reading.share)}", f"{_rate(reading.share)} of {reading.of or 'the amount'}"))
    for band in reading.bands:
        stretch = tell_stretch(band.edges, unit)
        rate = f"{write_number(band.rate)} 元" if reading.each else _rate(band.rate)
        rows.append(Text(f"{stretch.zh} → {rate}", f"{stretch.en} → {rate.replace('元', 'yuan')}"))
    ends = (("beyond", "超过", "beyond"), ("base", "底薪", "plus"), ("least", "最低", "at least"), ("most", "最高", "at most"))
    for name, zh, en in ends:
        number = getattr(reading, name)
        if number is not None:
            rows.append(Text(f"{zh} {write_number(number)}", f"{en} {write_number(number)}"))
    return joined(rows)


_TELLERS = {
    Tiers: _tiers,
    AllOrNothing: _all_or_nothing,
    PerEvent: _per_event,
    PerStep: _per_step,
    Proportion: _proportion,
    OnLine: _line,
    Rating: _rating,
    VetoAlone: _veto,
    PlacePoints: _places,
    PayPerUnit: _pay,
}
