"""Forms, weights, and the total that items become."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

from kaohe.compiling.building import Builds, text_of
from kaohe.compiling.formulas import PROBE, Scope
from kaohe.expressions import parse_formula
from kaohe.numbers import parse_number, write_number
from kaohe.plan import PEOPLE, ZERO, Bounds, Typed, summed, widest
from kaohe.problems import Place, Problem
from kaohe.scheme import Body
from kaohe.scheme_problems import ChoiceUnknown, WeightsSum, did_you_mean
from kaohe.texts import nearest

MODES = ("sum", "weighted sum", "mean")


def form_items(home: Builds) -> dict[str, list[str]]:
    """The items of each form; one nameless form with all items where the scheme has none."""
    if not home.scheme.forms:
        return {"": list(home.scheme.items)}
    return {form: [item for item in home.scheme.items if item in entry.items] for form, entry in home.scheme.forms.items()}


def form(home: Builds) -> None:
    """The node that says which form each person has."""
    if not home.scheme.forms or "form" in home.nodes:
        return
    conditions = []
    for form, entry in home.scheme.forms.items():
        place = home.place_of(("forms", form))
        text = entry.for_ if entry.for_ is not None else f"role == '{form}'"
        conditions.append(home.resolve(text, Scope(PEOPLE, place, f"form.{form}"), "truth"))
    home.add("form", PEOPLE, "cases@1", conditions, kind="words", vocabulary=tuple(home.scheme.forms))


def total(home: Builds) -> Typed:
    """The total: items by their weights, or a formula; then what follows it; only for those assessed."""
    total = home.scheme.total
    assert total is not None
    form(home)
    place = home.place_of(("total",))
    texts = {"clause": total.clause, "name": "总分 | Total"}
    found = _total_of_items(home, place) if total.is_ in MODES else _total_formula(home, place)
    scope = Scope(PEOPLE, place, "total", extra={"score": found})
    if total.then is not None:
        then = home.resolve(total.then, scope, "number")
        found = home.add("total.then", PEOPLE, "formula@1", [then], None, low=then.low, high=then.high, **texts)
    held = Body(floor=text_of(total.floor), cap=text_of(total.cap), round=total.round, clause=total.clause)
    if home.adjusts(held):
        found = home.adjust("total.held", held, found, scope, False, texts)
    params = {"assessed": True, "owed": total.is_ not in MODES}
    return home.add(
        "total", PEOPLE, "masked@1", [found, *_owed_values(home)], params, low=found.low, high=found.high, unit="points", **texts
    )


def _owed_values(home: Builds) -> list[Typed]:
    """Where there are no items, the values that everybody owes: a total waits for each of them."""
    if home.scheme.items:
        return []
    facts = home.outline.values(PEOPLE).values()
    owed = [fact for fact in facts if not fact.declared.optional and fact.declared.default is None]
    return [home.fact(fact) for fact in owed if fact.declared.needed is None and fact.declared.for_roles is None]


def _total_formula(home: Builds, place: Place) -> Typed:
    assert home.scheme.total is not None
    written = home.scheme.total.is_
    if nearest(written, MODES) and isinstance(parse_formula(written, place), Problem):
        more = {"found": written, "known": ", ".join(MODES), **did_you_mean(written, MODES)}
        home.tell(ChoiceUnknown(place, [written, "total"], where="total.is", **more))
        return home.add("total.raw", PEOPLE, "formula@1", [PROBE])
    found = home.resolve(written, Scope(PEOPLE, place, "total"), "number")
    return home.add("total.raw", PEOPLE, "formula@1", [found], low=found.low, high=found.high, clause=home.scheme.total.clause)


def _total_of_items(home: Builds, place: Place) -> Typed:
    total = home.scheme.total
    assert total is not None
    forms = form_items(home)
    items = [name for name, item in home.scheme.items.items() if item.in_total]
    inputs = [home.figure(f"item.{name}") for name in items]
    weights = {form: _weights(home, form, [item for item in members if item in items]) for form, members in forms.items()}
    chosen = total.weights.partition(".")[2] if total.weights.startswith("config.") else ""
    spread = [name for name in items if "spread" in (home.scheme.items[name].if_none or "")]
    params: dict[str, Any] = {
        "mode": total.is_,
        "items": items,
        "on_form": forms,
        "weights": {form: {item: write_number(weight) for item, weight in own.items()} for form, own in weights.items()},
        "config": chosen,
        "full": _full_weight(home, chosen),
        "spread": spread,
        "sections": {name: [item for item in section.items if item in items] for name, section in home.scheme.sections.items()},
        "scaled": {form: write_number(entry.scaled) for form, entry in home.scheme.forms.items() if entry.scaled is not None},
    }
    params["scaled"] = {form: params["scaled"].get(form, "1") for form in forms} if params["scaled"] else {}
    low, high = _total_bounds(home, weights, dict(zip(items, inputs, strict=True)), params)
    return home.add("total.raw", PEOPLE, "weighted@1", inputs, params, low=low, high=high, clause=total.clause, name="总分 | Total")


def _full_weight(home: Builds, chosen: str) -> str:
    entry = home.scheme.config.get(chosen)
    return "1" if entry is None or entry.sum is None else write_number(entry.sum)


def _weights(home: Builds, form: str, items: list[str]) -> dict[str, Fraction]:
    """The weight of each item of a form: as printed, each 1, each the same share, or scaled."""
    total = home.scheme.total
    assert total is not None
    if total.is_ == "sum" or not items:
        return {item: Fraction(1) for item in items}
    if total.is_ == "mean":
        return {item: Fraction(1, len(items)) for item in items}
    if total.weights.startswith("config."):
        return {item: Fraction(0) for item in items}
    return _printed_weights(home, form, {item: _printed_weight(home, form, item) for item in items})


def _printed_weight(home: Builds, form: str, item: str) -> Fraction:
    entry = home.scheme.forms[form].items[item] if form else None
    if entry is not None and entry.weight is not None:
        return entry.weight
    written = parse_number(home.scheme.items[item].weight or "0")
    return Fraction(0) if isinstance(written, Problem) else written


def _printed_weights(home: Builds, form: str, weights: dict[str, Fraction]) -> dict[str, Fraction]:
    total = sum(weights.values(), Fraction(0))
    full = Fraction(100) if total > 2 else Fraction(1)
    assert home.scheme.total is not None
    key = f"weights_{write_number(total / full * 100).replace('.', '_')}"
    if home.scheme.total.weights == "scaled" and total:
        home.accepts(key)  # a scheme may say why its weights had to be scaled
        return {item: weight / total for item, weight in weights.items()}
    if total != full and not home.accepts(key):
        place = home.place_of(("forms", form) if form else ("total",))
        found = {"form": form or "items", "found": f"{write_number(total / full * 100)}%", "wanted": "100%"}
        home.tell(WeightsSum(place, [form, "weights"], key=key, **found))
    return {item: weight / full for item, weight in weights.items()}


def _total_bounds(home: Builds, weights: dict[str, dict[str, Fraction]], items: dict[str, Typed], params: dict[str, Any]) -> Bounds:
    """From the least to the most that any form can reach, whichever items have nothing to measure."""
    if params["config"]:
        return None, None
    drops = {item for item in items if _may_drop(home, item)}
    forms = []
    for form, own in weights.items():
        weighed = {item: Weighed(items[item], weight, item in drops) for item, weight in own.items() if weight}
        found = _spread_bounds(weighed, params["sections"]) if params["spread"] and weighed else _plain_bounds(weighed)
        forms.append(_times(found, Fraction(params["scaled"].get(form, "1"))))
    return widest(forms)


def _may_drop(home: Builds, name: str) -> bool:
    """Whether an item, or its reading on some form, may come out without anything to measure and still let the total stand."""
    item = home.scheme.items[name]
    readings = [entry.items[name].own for entry in home.scheme.forms.values() if name in entry.items]
    bodies = [item, *(own for own in readings if own is not None)]
    return any((body.if_none or "missing") != "missing" or body.in_use is not None or body.may_not_apply for body in bodies)


class Weighed(NamedTuple):
    """An item, or all of a section, in a total: between which ends it lies, its weight, and whether it may drop out."""

    part: Typed
    weight: Fraction
    may_drop: bool


def _plain_bounds(items: dict[str, Weighed]) -> Typed:
    """The items by their weights; one that drops out gives nothing."""
    parts = [_times(item.part, item.weight) for item in items.values()]
    ends = [part.held(*widest([part, ZERO])) if item.may_drop else part for part, item in zip(parts, items.values(), strict=True)]
    return ZERO.held(*summed(ends))


def _spread_bounds(items: dict[str, Weighed], sections: dict[str, list[str]]) -> Typed:
    """The mean of the items that are there, by section and then of the sections, times all the weight."""
    homes = [[items[item] for item in members if item in items] for members in (sections or {"": list(items)}).values()]
    means = [_mean_bounds(home) for home in homes if home]
    return _times(_mean_bounds(means).part, sum((mean.weight for mean in means), Fraction(0)))


def _mean_bounds(parts: list[Weighed]) -> Weighed:
    """The weighted mean of the parts that are there, whichever drop out; it drops out itself where all of them may."""
    most = _most_mean([(part.part.high, part.weight, part.may_drop) for part in parts])
    least = _most_mean([(None if part.part.low is None else -part.part.low, part.weight, part.may_drop) for part in parts])
    weight = sum((part.weight for part in parts), Fraction(0))
    return Weighed(ZERO.held(None if least is None else -least, most), weight, all(part.may_drop for part in parts))


def _most_mean(parts: list[tuple[Fraction | None, Fraction, bool]]) -> Fraction | None:
    """The highest weighted mean of those parts that must be there and any of those that may drop out; None where it has no end."""
    known = [(end, weight, may_drop) for end, weight, may_drop in parts if end is not None]
    if len(known) < len(parts) or not parts:
        return None
    mean, there = Fraction(0), Fraction(0)
    for end, weight, may_drop in sorted(known, key=lambda part: (part[2], -part[0])):  # what must be there, then the best of the rest
        if not may_drop or not there or end > mean:
            mean, there = (mean * there + end * weight) / (there + weight), there + weight
    return mean


def _times(part: Typed, weight: Fraction) -> Typed:
    return part.held(None if part.low is None else part.low * weight, None if part.high is None else part.high * weight)
