"""Whether the numbers, dates, tables and weights of a scheme can be: bounds, defaults, edges, sums, costs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction

from kaohe.compiling.finished import Finished, Path, bodies, declarations, told
from kaohe.numbers import parse_number, write_number
from kaohe.plan import Node, walk
from kaohe.problems import Problem
from kaohe.scheme import Declared, PerEvent, Scheme, Tier
from kaohe.scheme_problems import (
    BoundsWrong,
    ByMissing,
    DatesWrong,
    DefaultWrong,
    EdgeOutside,
    ListedTwice,
    RestsOnNothing,
    RoundingWrong,
    SchemeValueWrong,
    TableEmpty,
    TooCostly,
    WeightsOutOfReach,
    WindowWrong,
)
from kaohe.texts import listed


def dates(finished: Finished) -> Iterator[Problem]:
    """A scheme that ends before it begins."""
    effective = finished.scheme.effective
    if effective is not None and effective.to is not None and effective.to < effective.from_:
        yield DatesWrong(finished.place_of(("effective",)), ["effective"], start=effective.from_, end=effective.to)


_SOME_DAYS_LATER = re.compile(r"end(\s*\+\s*(\d+|config\.\w+))?")


def knowledge(finished: Finished) -> Iterator[Problem]:
    """A day up to which data is known that is neither the period's end nor some days after it."""
    written = finished.scheme.as_of
    if not _SOME_DAYS_LATER.fullmatch(written):
        detail = {"detail_zh": "应为 end 或 end + 天数", "detail_en": "it must be end, or end + a number of days"}
        yield SchemeValueWrong(finished.place_of(("as_of",)), ["as_of"], where="as_of", found=written, **detail)


def bounds(finished: Finished) -> Iterator[Problem]:
    """Declarations, and ends of figures and of the total, whose lower bound is above the upper one."""
    pairs: list[tuple[Path, object, object]] = [(path, declared.low, declared.high) for path, declared in declarations(finished.scheme)]
    pairs += [(path, body.floor, body.cap) for path, body in bodies(finished.scheme)]
    pairs += [
        (path, body.rating.allowed.low, body.rating.allowed.high)
        for path, body in bodies(finished.scheme)
        if body.rating is not None and isinstance(body.rating.allowed, Declared)
    ]
    total = finished.scheme.total
    pairs += [] if total is None else [(("total",), total.floor, total.cap)]
    for path, low, high in pairs:
        ends = [parse_number(end) for end in (low, high) if end is not None]
        if len(ends) == 2 and isinstance(ends[0], Fraction) and isinstance(ends[1], Fraction) and ends[0] > ends[1]:
            shown = {"low": write_number(ends[0]), "high": write_number(ends[1])}
            yield BoundsWrong(finished.place_of(path), [told(path)], where=told(path), **shown)


def defaults(finished: Finished) -> Iterator[Problem]:
    """Defaults that their own declaration would refuse."""
    for path, declared in declarations(finished.scheme):
        if declared.default is None:
            continue
        allowed = _allowed(declared, finished.scheme)
        if allowed is not None:
            yield DefaultWrong(finished.place_of(path), [str(path[-1])], where=told(path), found=declared.default, allowed=allowed)


def _allowed(declared: Declared, scheme: Scheme) -> str | None:
    """What a declaration allows, where its default is not that; None where it is."""
    options = getattr(declared, "one_of", None) or _vocabulary(declared, scheme)
    if options is not None:
        return None if declared.default in options else listed(options)
    if declared.kind in ("text", "date", "month", "yes_no", "words"):
        return None
    number = parse_number(declared.default)
    if isinstance(number, Problem):
        return number.sentence("en")
    low = declared.low is None or (number > declared.low if declared.low_open else number >= declared.low)
    high = declared.high is None or (number < declared.high if declared.high_open else number <= declared.high)
    whole = not declared.whole or number.denominator == 1
    return None if low and high and whole else _range(declared.low, declared.high)


def _vocabulary(declared: Declared, scheme: Scheme) -> tuple[str, ...] | None:
    if isinstance(declared.words, str):
        return tuple(scheme.words[declared.words].names) if declared.words in scheme.words else None
    return declared.words


def _range(low: Fraction | None, high: Fraction | None) -> str:
    return f"{'' if low is None else write_number(low)}..{'' if high is None else write_number(high)}"


def edges(finished: Finished) -> Iterator[Problem]:
    """Edges of tables beyond what the figure that is looked up can be: 99 on a share of 0 to 1."""
    for path, body in bodies(finished.scheme):
        figure = finished.nodes.get(_id_of(path))
        if figure is not None and body.tiers is not None and body.by is not None:
            yield from _edges(finished, path, body.by, body.tiers)


def _edges(finished: Finished, path: Path, by: str, tiers: tuple[Tier, ...]) -> Iterator[Problem]:
    known = _bounds_of(finished, by)
    if known is None:
        return
    low, high = known
    if low is not None and high is not None and low > high:
        return  # the bounds themselves are told of
    for row, tier in enumerate(tiers):
        for edge in (tier.below, tier.up_to, tier.above, tier.from_):
            if edge is None or ((low is None or edge >= low) and (high is None or edge <= high)):
                continue
            percent = high == 1 and 1 < edge <= 100
            more = {
                "edge": write_number(edge),
                "low": "" if low is None else write_number(low),
                "high": "" if high is None else write_number(high),
                "hint_zh": f"，是 {write_number(edge)}% 吗？" if percent else "",
                "hint_en": f"; is it {write_number(edge)}%?" if percent else "",
            }
            yield EdgeOutside(finished.place_of((*path, "tiers", row)), [by, str(path[-1])], where=told(path), by=by, **more)


def _bounds_of(finished: Finished, name: str) -> tuple[Fraction | None, Fraction | None] | None:
    """The bounds of a value or figure that a table looks up by its bare name."""
    values = finished.scheme.values
    bare = name.removeprefix("value.")
    if bare in values:
        return values[bare].low, values[bare].high
    node = finished.nodes.get(f"figure.{bare}")
    return None if node is None else (_read(node.low), _read(node.high))


def _read(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def _id_of(path: Path) -> str:
    """The figure of the plan that a body became."""
    home = {"figures": "figure", "items": "item", "pay": "pay"}.get(str(path[0]), "item")
    return f"{home}.{path[-1]}" if len(path) == 2 or path[0] in ("pay", "forms") else f"{path[1]}.{path[-1]}"


def tables(finished: Finished) -> Iterator[Problem]:
    """Tables and lists with nothing in them."""
    scheme = finished.scheme
    empty: list[Path] = [(*path, "tiers") for path, body in bodies(scheme) if body.tiers == ()]
    empty += [(*path, "per_event") for path, body in bodies(scheme) if body.per_event == {} and not body.once]
    for path, body in bodies(scheme):
        if body.rating is not None:
            empty += [(*path, "rating", "allowed")] if body.rating.allowed == () else []
            empty += [(*path, "rating", "anchors")] if body.rating.anchors == {} else []
            empty += [(*path, "rating", "raters")] if body.rating.raters == {} else []
        empty += [(*path, "places", "points")] if body.places is not None and not body.places.points else []
    empty += [("grades", "rows")] if scheme.grades is not None and not scheme.grades.rows else []
    empty += [("words", name) for name, words in scheme.words.items() if not words.names]
    empty += [("forms", name) for name, form in scheme.forms.items() if not form.items]
    for path in empty:
        yield TableEmpty(finished.place_of(path), [told(path)], where=told(path))


def looked_up(finished: Finished) -> Iterator[Problem]:
    """Tables without the figure that is looked up in them, and such a figure without a table."""
    for path, body in bodies(finished.scheme):
        table = "tiers" if body.tiers is not None else "line" if body.line is not None else None
        if table is not None and body.by is None:
            yield ByMissing(finished.place_of(path), ["by", str(path[-1])], where=told(path), there=table, lacking="by")
        if table is None and body.by is not None:
            yield ByMissing(finished.place_of(path), ["tiers", str(path[-1])], where=told(path), there="by", lacking="tiers / line")
        for kind, entry in (body.per_event or {}).items():
            if isinstance(entry, PerEvent) and (entry.tiers is None) != (entry.by is None):
                there, lacking = ("by", "tiers") if entry.tiers is None else ("tiers", "by")
                where = told((*path, "per_event", kind))
                yield ByMissing(finished.place_of(path), [lacking, kind], where=where, there=there, lacking=lacking)


def line_points(finished: Finished) -> Iterator[Problem]:
    """Lines on which one figure has two heights."""
    for path, body in bodies(finished.scheme):
        seen: dict[Fraction, str] = {}
        for point in body.line or {}:
            number = parse_number(point)
            if isinstance(number, Fraction) and number in seen:
                place = finished.place_of((*path, "line", point))
                yield ListedTwice(place, [point], what=point, where=told((*path, "line")), first=seen[number])
            elif isinstance(number, Fraction):
                seen[number] = point


def roundings(finished: Finished) -> Iterator[Problem]:
    """Roundings to a place that is nothing or negative."""
    scheme = finished.scheme
    written = [(path, rounding) for path, body in bodies(scheme) for rounding in (body.round, getattr(body, "reported", None))]
    written += [] if scheme.total is None else [(("total",), scheme.total.round), (("total",), scheme.total.reported)]
    written += [] if scheme.pay is None else [(("pay",), scheme.pay.round)]
    for path, rounding in written:
        if rounding is not None and rounding.to <= 0:
            yield RoundingWrong(finished.place_of(path), [told(path), "round"], where=told(path), found=write_number(rounding.to))


def windows(finished: Finished) -> Iterator[Problem]:
    """Parts of a month whose first days do not fit into one."""
    for name, window in finished.scheme.windows.items():
        days = window.starts_on_days
        if not days or days[0] != 1 or list(days) != sorted(set(days)) or days[-1] > 28:
            place = finished.place_of(("windows", name))
            yield WindowWrong(place, [name], where=f"windows.{name}", days=", ".join(map(str, days)) or "[]")


_RANGE = re.compile(r"\s*([\d./]+%?)?\s*\.\.\s*([\d./]+%?)?\s*")


def weight_ranges(finished: Finished) -> Iterator[Problem]:
    """Ranges of weights that no choice within them makes add up."""
    scheme = finished.scheme
    chosen = scheme.total.weights.partition("config.")[2] if scheme.total is not None else ""
    entry = scheme.config.get(chosen)
    if entry is None or entry.sum is None:
        return
    homes = {"items": [item.weight for item in scheme.items.values()], "sections": [section.weight for section in scheme.sections.values()]}
    for home, written in homes.items():
        ends = [_ends(weight) for weight in written]
        low = sum((end[0] or Fraction(0) for end in ends), Fraction(0))
        high = None if not ends or any(end[1] is None for end in ends) else sum((end[1] or Fraction(0) for end in ends), Fraction(0))
        if low > entry.sum or (high is not None and high < entry.sum):
            found = {"low": write_number(low), "high": "∞" if high is None else write_number(high), "wanted": write_number(entry.sum)}
            yield WeightsOutOfReach(finished.place_of((home,)), [home, chosen], **found)


def weights(finished: Finished) -> Iterator[Problem]:
    """Weights that are neither a number nor a range of numbers."""
    scheme = finished.scheme
    ranges = scheme.total is not None and scheme.total.weights.startswith("config.")
    written: list[tuple[Path, str | None]] = [(("items", name), item.weight) for name, item in scheme.items.items()]
    written += [(("sections", name), section.weight) for name, section in scheme.sections.items()]
    for path, weight in written:
        if weight is not None:
            yield from _weight(finished, (*path, "weight"), weight, ranges or path[0] == "sections")


def _weight(finished: Finished, path: Path, weight: str, may_range: bool) -> Iterator[Problem]:
    """What is wrong with one weight: a number, or both ends of a range."""
    match = _RANGE.fullmatch(weight) if may_range else None
    texts = [weight] if match is None else [text for text in match.groups() if text is not None]
    for number in map(parse_number, texts):
        if isinstance(number, Problem):
            found = {**number.found, "text": f"{told(path)}: {weight}"}
            yield type(number)(finished.place_of(path), ["weight", str(path[-2])], **found)
        elif number < 0:
            yield _too_small(finished, path, weight, "应不小于 0", "it must be 0 or more")
    low, high = _ends(weight)
    if low is not None and high is not None and low > high:
        yield BoundsWrong(finished.place_of(path), [told(path)], where=told(path), low=write_number(low), high=write_number(high))


def scale(finished: Finished) -> Iterator[Problem]:
    """A scale of nothing or less."""
    if finished.scheme.scale is not None and finished.scheme.scale <= 0:
        yield _too_small(finished, ("scale",), write_number(finished.scheme.scale), "应大于 0", "it must be above 0")


def _too_small(finished: Finished, path: Path, found: str, zh: str, en: str) -> Problem:
    about = [str(step) for step in reversed(path)]
    return SchemeValueWrong(finished.place_of(path), about, where=told(path), found=found, detail_zh=zh, detail_en=en)


def _ends(weight: str | None) -> tuple[Fraction | None, Fraction | None]:
    """Between which ends a weight may be chosen; no end where none is written, or nothing that is a number."""
    match = _RANGE.fullmatch(weight or "..")
    low, high = (_number(text) for text in (match.groups() if match is not None else (weight, weight)))
    return low, high


def _number(text: str | None) -> Fraction | None:
    found = None if text is None else parse_number(text)
    return found if isinstance(found, Fraction) else None


FACTS = {"fact", "agg", "over", "member", "latest", "previous", "run", "times", "config", "assessed", "has"}


FED_RULES = {"rating", "places", "rank", "ranked", "gather", "pick"}


def fed(finished: Finished) -> Iterator[Problem]:
    """Items that look at no fact: everybody always gets the same."""
    for name in finished.scheme.items:
        node = finished.nodes.get(f"item.{name}")
        if node is not None and node.low is not None and node.low == node.high and not _rests_on_fact(node.id, finished.nodes, set()):
            yield RestsOnNothing(finished.place_of(("items", name)), [name], item=name, gives=node.low)


def _rests_on_fact(id: str, nodes: Mapping[str, Node], seen: set[str]) -> bool:
    node = nodes.get(id)
    if node is None or id in seen:
        return False
    seen.add(id)
    if node.rule.partition("@")[0] in FED_RULES:
        return True
    heads = list(walk(node.inputs))
    return any(tree[0] in FACTS for tree in heads) or any(_rests_on_fact(tree[1], nodes, seen) for tree in heads if tree[0] == "node")


MOST_FACTORS = 1000


_SUMMED = {"+", "-", "*", "/", "call", "neg"}


def costs(finished: Finished) -> Iterator[Problem]:
    """Figures whose exact digits would grow beyond all bounds: squares of squares of squares."""
    factors: dict[str, int] = {}
    for node in finished.nodes.values():
        factors[node.id] = sum(_factors(tree, factors) for tree in node.inputs)
        if factors[node.id] > MOST_FACTORS:
            more = {
                "detail_zh": f"超过 {MOST_FACTORS} 个数相乘或相加",
                "detail_en": f"more than {MOST_FACTORS} figures multiplied or added",
            }
            yield TooCostly(finished.place_of(_path_of(node.id)), [node.id], where=node.id, **more)
            factors[node.id] = 0


def _factors(tree: object, factors: Mapping[str, int]) -> int:
    """How many facts and numbers meet in one figure at most, written out in full."""
    if not isinstance(tree, list) or not tree:
        return 0
    if tree[0] == "node" and len(tree) == 2:
        return factors.get(tree[1], 0)
    parts = [_factors(part, factors) for part in tree if isinstance(part, list)]
    return sum(parts) if isinstance(tree[0], str) and tree[0] in _SUMMED else max([1, *parts])


def _path_of(id: str) -> Path:
    home, _, name = id.partition(".")
    paths: dict[str, Path] = {"figure": ("figures",), "item": ("items",), "pay": ("pay", "lines")}
    return (*paths.get(home, (home,)), name.partition(".")[0].partition("@")[0])
