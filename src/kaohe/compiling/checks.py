"""What a compiled scheme is looked at for as a whole: one plain function for each way in which it cannot be right.

Each takes the scheme, its figures and a way to find lines, and yields problems; none changes anything.
Faults of a single formula or table are told where these are compiled.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from kaohe.numbers import parse_number, write_number
from kaohe.plan import Node, walk
from kaohe.problems import Place, Problem
from kaohe.scheme import KINDS, Body, Declared, EventType, PerEvent, Scheme, Tier
from kaohe.scheme_problems import (
    ActionUnknown,
    BoundsWrong,
    ByMissing,
    ChoiceUnknown,
    Circle,
    ClauseMissing,
    DatesWrong,
    DefaultWrong,
    EdgeOutside,
    EventUnknown,
    GradeUnreachable,
    GroupUnknown,
    IdWrong,
    ItemUnknown,
    KindUnknown,
    ListedTwice,
    NameUnknown,
    NeverMoves,
    PartUnknown,
    PayLineUnknown,
    RestsOnNothing,
    RoleUnknown,
    RoundingWrong,
    SchemeKeyMissing,
    SchemeValueWrong,
    TableEmpty,
    TierUnreachable,
    TooCostly,
    UnitUnknown,
    WeightsOutOfReach,
    WeightsSum,
    WindowWrong,
    did_you_mean,
)
from kaohe.texts import listed

Path = tuple[object, ...]


@dataclass(frozen=True)
class Finished:
    """A scheme whose figures are compiled, and where its entries stand."""

    scheme: Scheme
    nodes: Mapping[str, Node]
    place_of: Callable[[Path], Place]


Check = Callable[[Finished], Iterable[Problem]]


def bodies(scheme: Scheme) -> Iterator[tuple[Path, Body]]:
    """Every body that the scheme writes, with its path; a form's own reading of an item is one too."""
    named: dict[str, Mapping[str, Body]] = {"figures": scheme.figures, "items": scheme.items}
    for home, entries in named.items():
        for name, body in entries.items():
            yield (home, name), body
            yield from (((home, name, "let", let), inner) for let, inner in body.let.items())
            yield from (((home, name, "plus", row), inner) for row, inner in enumerate(body.plus) if isinstance(inner, Body))
    if scheme.pay is not None:
        yield from ((("pay", "lines", name), line) for name, line in scheme.pay.lines.items())
    for form, entry in scheme.forms.items():
        yield from ((("forms", form, "items", name), item.own) for name, item in entry.items.items() if item.own is not None)


def declarations(scheme: Scheme) -> Iterator[tuple[Path, Declared]]:
    """Every fact and choice that the scheme declares, with its path."""
    for home in ("people", "config", "values", "history"):
        yield from (((home, name), declared) for name, declared in getattr(scheme, home).items())
    for kind, event in scheme.events.items():
        yield from ((("events", kind, "columns", name), declared) for name, declared in event.columns.items())
    if scheme.grades is not None:
        yield from ((("grades", "columns", name), declared) for name, declared in scheme.grades.columns.items())


def told(path: Path) -> str:
    """A path as people read it."""
    return ".".join(str(step + 1) if isinstance(step, int) else str(step) for step in path)


# --- names, clauses, dates ------------------------------------------------------------------------


def dates(finished: Finished) -> Iterator[Problem]:
    """A scheme that ends before it begins."""
    effective = finished.scheme.effective
    if effective is not None and effective.to is not None and effective.to < effective.from_:
        yield DatesWrong(finished.place_of(("effective",)), ["effective"], start=effective.from_, end=effective.to)


def names(finished: Finished) -> Iterator[Problem]:
    """Items, values, choices and pay lines without the words that people see."""
    scheme = finished.scheme
    named: list[tuple[Path, object]] = [(("items", name), item.name) for name, item in scheme.items.items()]
    named += [(("values", name), value.name) for name, value in scheme.values.items()]
    named += [(("config", name), entry.name) for name, entry in scheme.config.items()]
    named += [] if scheme.pay is None else [(("pay", "lines", name), line.name) for name, line in scheme.pay.lines.items()]
    for path, name in named:
        if name is None:
            yield SchemeKeyMissing(finished.place_of(path), ["name", str(path[-1])], where=told(path), key="name")


def clauses(finished: Finished) -> Iterator[Problem]:
    """Items, grade tables and pay lines that do not say which clause they come from."""
    scheme = finished.scheme
    lacking: list[Path] = [("items", name) for name, item in scheme.items.items() if not item.clause]
    if scheme.grades is not None and not scheme.grades.clause and not all(row.clause for row in scheme.grades.rows.values()):
        lacking.append(("grades",))
    if scheme.pay is not None and not scheme.pay.clause:
        lacking += [("pay", "lines", name) for name, line in scheme.pay.lines.items() if not line.clause]
    for path in lacking:
        yield ClauseMissing(finished.place_of(path), ["clause", str(path[-1])], where=told(path))


RESERVED = {"start", "end", "as_of", "yes", "no", "none", "nothing_applies", "and", "or", "not", "in", "if", "else"}
RESERVED |= {"config", "value", "person", "history", "rating"}


def ids(finished: Finished) -> Iterator[Problem]:
    """Names that formulas could not say, or that mean something else there."""
    scheme = finished.scheme
    homes = ("people", "units", "words", "config", "events", "history", "groups", "windows", "states", "figures", "items")
    named: list[Path] = [(home, name) for home in homes for name in getattr(scheme, home)]
    named += [("values", name) for name in scheme.values]
    named += [(*path[:2], "let", let) for path, body in bodies(scheme) for let in body.let]
    named += [] if scheme.pay is None else [("pay", "lines", name) for name in scheme.pay.lines]
    named += [("events", kind, "columns", name) for kind, event in scheme.events.items() for name in event.columns]
    for path in named:
        name = str(path[-1])
        bare = name.rpartition(".")[2] if path[0] == "values" else name
        if not bare.isidentifier():
            why = {"why_zh": "公式里写不出来", "why_en": "no formula could say it"}
        elif bare in RESERVED:
            why = {"why_zh": "它在公式里另有含义", "why_en": "it means something else in formulas"}
        else:
            continue
        yield IdWrong(finished.place_of(path), [name], where=told(path[:-1]), name=name, **why)


# --- what names point at --------------------------------------------------------------------------


def groups(finished: Finished) -> Iterator[Problem]:
    """Groups to rank or wait for that are not there."""
    scheme = finished.scheme
    asked: list[tuple[Path, str]] = []
    if scheme.rank is not None and scheme.rank.among is not None:
        asked.append((("rank",), scheme.rank.among))
    asked += [(path, body.places.among) for path, body in bodies(scheme) if body.places is not None]
    if scheme.pay is not None:
        asked += [(("pay", "lines", name), line.complete) for name, line in scheme.pay.lines.items() if line.complete is not None]
    for path, name in asked:
        if name not in scheme.groups:
            yield GroupUnknown(finished.place_of(path), [name], where=told(path), name=name, **did_you_mean(name, scheme.groups))


def parts(finished: Finished) -> Iterator[Problem]:
    """Figures per a week, a unit or another part that is not there."""
    scheme = finished.scheme
    known = [*scheme.windows, *scheme.units, *scheme.words]
    asked: list[tuple[Path, str]] = [(path, body.per) for path, body in bodies(scheme) if body.per is not None]
    asked += [(("events", kind), event.one_per) for kind, event in scheme.events.items() if event.one_per is not None]
    for path, per in asked:
        base, _, window = per.rpartition("/")
        unknown = [part for part in (base, window) if part and part not in ("period", "people", *known)]
        for name in unknown:
            more = {"known": listed(["period", *known], 20), **did_you_mean(name, known)}
            yield PartUnknown(finished.place_of(path), [name], where=told(path), name=name, **more)


def kinds(finished: Finished) -> Iterator[Problem]:
    """Declarations that name neither a kind nor a list of words."""
    scheme = finished.scheme
    for path, declared in declarations(scheme):
        name = declared.words
        if isinstance(name, str) and name not in scheme.words:
            more = {"known": ", ".join(KINDS[:-1]), **did_you_mean(name, (*KINDS, *scheme.words))}
            yield KindUnknown(finished.place_of(path), [name], where=told(path), name=name, **more)


def units(finished: Finished) -> Iterator[Problem]:
    """Values of a unit that is not there, and units told apart by a column that people do not have."""
    scheme = finished.scheme
    owned = [(path, declared.of) for path, declared in declarations(scheme) if path[0] in ("values", "history")]
    for path, unit in owned:
        if unit is not None and unit not in scheme.units:
            yield UnitUnknown(finished.place_of(path), [unit], where=told(path), name=unit, **did_you_mean(unit, scheme.units))
    for name, entry in scheme.units.items():
        if entry.by is not None and entry.by not in scheme.people:
            place = finished.place_of(("units", name))
            yield NameUnknown(place, [entry.by], where=f"units.{name}", name=entry.by, **did_you_mean(entry.by, scheme.people))


def roles(finished: Finished) -> Iterator[Problem]:
    """Forms without a condition, and values, for a role that nobody has."""
    scheme = finished.scheme
    if scheme.roles.assessed == "all":
        return
    known = [*scheme.roles.assessed, *scheme.roles.rate_only]
    asked: list[tuple[Path, str]] = [(("forms", form), form) for form, entry in scheme.forms.items() if entry.for_ is None]
    if scheme.roles.others == "refused":
        asked += [(path, role) for path, declared in declarations(scheme) for role in declared.for_roles or ()]
    for path, role in asked:
        if role not in known:
            yield RoleUnknown(finished.place_of(path), [role], where=told(path), name=role, **did_you_mean(role, known))


def actions(finished: Finished) -> Iterator[Problem]:
    """Actions that replace one which is not there."""
    known = finished.scheme.actions
    for name, action in known.items():
        for other in action.instead_of:
            if other != "all" and other not in known:
                place = finished.place_of(("actions", name))
                yield ActionUnknown(place, [other], where=f"actions.{name}", name=other, **did_you_mean(other, known))


def paid_states(finished: Finished) -> Iterator[Problem]:
    """States that pay a line which is not there, or something that is no amount."""
    scheme = finished.scheme
    lines = {} if scheme.pay is None else scheme.pay.lines
    for name, state in scheme.states.items():
        for line, amount in state.pay.items():
            place = finished.place_of(("states", name, "pay", line))
            number = parse_number(amount)
            if isinstance(number, Problem):
                yield type(number)(place, [line, name], **{**number.found, "text": f"states.{name}.pay.{line}: {amount}"})
            if line not in lines:
                yield PayLineUnknown(place, [line], where=f"states.{name}", name=line, **did_you_mean(line, lines))


def item_names(finished: Finished) -> Iterator[Problem]:
    """Forms and sections that name an item which is not there."""
    scheme = finished.scheme
    named = [(("forms", form), item) for form, entry in scheme.forms.items() for item in entry.items]
    named += [(("sections", name), item) for name, section in scheme.sections.items() for item in section.items]
    for path, item in named:
        if item not in scheme.items:
            more = did_you_mean(item, scheme.items)
            yield ItemUnknown(finished.place_of((*path, "items", item)), [item], where=told(path), name=item, **more)


def sections(finished: Finished) -> Iterator[Problem]:
    """Items in two sections, or twice in one."""
    seen: dict[str, str] = {}
    for name, section in finished.scheme.sections.items():
        for item in section.items:
            if item in seen:
                place = finished.place_of(("sections", name))
                yield ListedTwice(place, [item], what=item, where=f"sections.{name}", first=f"sections.{seen[item]}")
            seen[item] = name


def asked_for(finished: Finished) -> Iterator[Problem]:
    """Items that no form asks for."""
    scheme = finished.scheme
    on_forms = {item for entry in scheme.forms.values() for item in entry.items}
    for name in scheme.items:
        if scheme.forms and name not in on_forms:
            yield NeverMoves(finished.place_of(("items", name)), [name], item=name)


# --- numbers and tables ---------------------------------------------------------------------------


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
                "hint_zh": f",是 {write_number(edge)}% 吗?" if percent else "",
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


# --- weights and items ----------------------------------------------------------------------------

WEIGHTS = ("full", "printed", "scaled")
ABSENCES = ("missing", "spread", "null")
_RANGE = re.compile(r"\s*([\d./]+%?)?\s*\.\.\s*([\d./]+%?)?\s*")


def choices(finished: Finished) -> Iterator[Problem]:
    """Words beside which a formula or a choice of the company may stand, and which are neither."""
    scheme = finished.scheme
    total = scheme.total
    if total is not None and total.weights not in WEIGHTS:
        yield from _chosen_weights(finished, total.weights)
    for path, body in bodies(scheme):
        written = body.if_none
        first, _, rest = (written or "").partition(" if ")
        if (written is not None and first not in ABSENCES) or (rest and " else " not in rest):
            more = {"known": f"{', '.join(ABSENCES)}, spread if … else missing", **did_you_mean(first, ABSENCES)}
            yield ChoiceUnknown(finished.place_of((*path, "if_none")), [str(written)], where=f"{told(path)}.if_none", found=written, **more)


def _chosen_weights(finished: Finished, written: str) -> Iterator[Problem]:
    place = finished.place_of(("total",))
    head, _, key = written.partition(".")
    config = finished.scheme.config
    if head != "config":
        known = [*WEIGHTS, *(f"config.{name}" for name in config)]
        yield ChoiceUnknown(place, [written], where="total.weights", found=written, known=listed(known), **did_you_mean(written, known))
    elif key not in config:
        yield NameUnknown(place, [key], where="total.weights", name=written, **did_you_mean(key, config))


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
        if weight is None or (_RANGE.fullmatch(weight) and (ranges or path[0] == "sections")):
            continue
        number = parse_number(weight)
        if isinstance(number, Problem):
            found = {**number.found, "text": f"{told((*path, 'weight'))}: {weight}"}
            yield type(number)(finished.place_of((*path, "weight")), ["weight", str(path[-1])], **found)
        elif number < 0:
            yield _too_small(finished, (*path, "weight"), weight, "应不小于 0", "it must be 0 or more")


def scale(finished: Finished) -> Iterator[Problem]:
    """A scale of nothing or less."""
    if finished.scheme.scale is not None and finished.scheme.scale <= 0:
        yield _too_small(finished, ("scale",), write_number(finished.scheme.scale), "应大于 0", "it must be above 0")


def _too_small(finished: Finished, path: Path, found: str, zh: str, en: str) -> Problem:
    about = [str(step) for step in reversed(path)]
    return SchemeValueWrong(finished.place_of(path), about, where=told(path), found=found, detail_zh=zh, detail_en=en)


def calls(finished: Finished) -> Iterator[Problem]:
    """Ratings per something other than a call."""
    for path, body in bodies(finished.scheme):
        if body.rating is not None and body.rating.per not in (None, "call"):
            place, where = finished.place_of((*path, "rating", "per")), told((*path, "rating", "per"))
            yield ChoiceUnknown(
                place, [body.rating.per], where=where, found=body.rating.per, known="call", **did_you_mean(body.rating.per, ["call"])
            )


def _ends(weight: str | None) -> tuple[Fraction | None, Fraction | None]:
    match = _RANGE.fullmatch(weight or "..")
    texts = match.groups() if match is not None else (weight, weight)
    low, high = (None if text is None else parse_number(text) for text in texts)
    return (None if isinstance(low, Problem) else low), (None if isinstance(high, Problem) else high)


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
    heads = [tree for tree in walk(node.inputs)]
    return any(tree[0] in FACTS for tree in heads) or any(_rests_on_fact(tree[1], nodes, seen) for tree in heads if tree[0] == "node")


def steps_in_order(finished: Finished) -> Iterator[Problem]:
    """Records that wait for a type which is not declared, or for themselves in a ring."""
    events = finished.scheme.events
    for kind, event in events.items():
        place = finished.place_of(("events", kind, "after"))
        for step in event.after:
            if step not in events:
                yield EventUnknown(place, [step, kind], where=f"events.{kind}.after", name=step, **did_you_mean(step, events))
        if kind in waits_for(kind, events):
            yield Circle(place, [kind, *event.after], ring=f"{kind} → {' → '.join(event.after)} → {kind}")


def waits_for(kind: str, events: Mapping[str, EventType]) -> set[str]:
    """Every step that must come before a step, directly or by way of others."""
    found: set[str] = set()
    waiting = list(events[kind].after)
    while waiting:
        step = waiting.pop()
        if step not in found:
            found.add(step)
            waiting += events[step].after if step in events else ()
    return found


MOST_FACTORS = 1000
_SUMMED = {"+", "-", "*", "/", "call", "neg"}


def costs(finished: Finished) -> Iterator[Problem]:
    """Figures whose exact digits would grow beyond all bounds: squares of squares of squares."""
    factors: dict[str, int] = {}
    for node in finished.nodes.values():
        factors[node.id] = sum(_factors(tree, factors) for tree in node.inputs)
        if factors[node.id] > MOST_FACTORS:
            more = {"detail_zh": f"超过 {MOST_FACTORS} 个数相乘或相加", "detail_en": f"more than {MOST_FACTORS} figures multiplied or added"}
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


CHECKS: tuple[Check, ...] = (
    costs,
    dates,
    names,
    clauses,
    ids,
    groups,
    parts,
    kinds,
    units,
    roles,
    actions,
    steps_in_order,
    paid_states,
    item_names,
    sections,
    asked_for,
    bounds,
    defaults,
    edges,
    tables,
    looked_up,
    line_points,
    roundings,
    windows,
    choices,
    scale,
    weights,
    weight_ranges,
    calls,
    fed,
)


def without_echoes(problems: list[Problem]) -> list[Problem]:
    """The problems without those that only follow from another one.

    A band beyond the figure's bounds is not told again as unreachable; where weights cannot be read or do not
    add up, nothing is said of sums or of grades out of reach.
    """
    outside = {problem.about for problem in problems if isinstance(problem, EdgeOutside)}
    unread = any("weight" in problem.about for problem in problems)
    misnamed = {problem.found["where"] for problem in problems if isinstance(problem, ItemUnknown)}
    unsummed = unread or any(isinstance(problem, WeightsSum) for problem in problems)

    def is_echo(problem: Problem) -> bool:
        if isinstance(problem, TierUnreachable):
            return any(set(problem.about) <= set(about) for about in outside)
        if isinstance(problem, WeightsSum):
            return unread or f"forms.{problem.found['form']}" in misnamed
        return unsummed and isinstance(problem, GradeUnreachable)

    return [problem for problem in problems if not is_echo(problem)]


def check_all(finished: Finished) -> Iterator[Problem]:
    """Every problem that any check finds."""
    for check in CHECKS:
        yield from check(finished)
