"""Items, forms, sections and the total, entry by entry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from kaohe.comparing.bodies import Place, body_aspects, rounding
from kaohe.comparing.entries import EMPTY, Aspect, Entry, Part, Told
from kaohe.comparing.side import Side, part
from kaohe.comparing.versions import Keys
from kaohe.compiling.totals import MODES
from kaohe.numbers import as_typed, parse_number
from kaohe.phrasing.describing import POINTS, Result
from kaohe.phrasing.phrases import Phrases
from kaohe.phrasing.weighing import printed_weights, weight_range
from kaohe.problems import Language, Problem
from kaohe.rules.arithmetic import percent
from kaohe.scheme import Body, Form, FormItem, Item, Section, Total
from kaohe.texts import Text

WEIGHT, REPORTED = Text("权重", "weight"), Text("报告时的取整", "rounding when reported")
TOTAL = Text("总分", "The total")
COUNTED = (Text("计入", "counted"), Text("不计入", "not counted"))


# --- items --------------------------------------------------------------------------------------


def items(side: Side) -> Part:
    """Every item."""
    return part("items", Text("考核指标", "Indicators"), [_item(side, id, item) for id, item in side.scheme.items.items()], ordered=True)


def _item(side: Side, id: str, item: Item) -> Entry:
    aspects = [*_read(side, ("items", id), id, item), *_weighed(side, id, item), *_lets(side, id, item)]
    return side.entry("items", id, item.name, ("items", id), aspects, item.clause, _whole(side, id, item))


def _read(side: Side, path: Keys, id: str, item: Item) -> Iterator[Aspect]:
    """An item as it is read, everywhere or on one form."""
    canon = side.canon.within({"this": id, **item.given})
    place = Place(side.version, path, side.meanings.of_item(id, item), canon, POINTS)
    yield from body_aspects(place, item)
    if item.points is not None:
        points = as_typed(item.points)
        told = place.told(lambda describing: describing.measured_result(points))
        yield Aspect("points", Text("满分", "full marks"), item.points, told, (*path, "points"))
    yield side.either("in_total", Text("是否计入合计", "whether it counts in the total"), item.in_total, COUNTED, path)
    if item.reported is not None:
        yield rounding(place, "reported", REPORTED, item.reported)
    yield from side.plain("source", Text("数据来源", "source"), item.source, path)
    yield from side.plain("reviewer", Text("复核人", "reviewer"), item.reviewer, path)


def _weighed(side: Side, id: str, item: Item) -> list[Aspect]:
    """The weight that an item has everywhere, or the range within which the company chooses it."""
    if item.weight is None:
        return []
    printed = printed_weights(side.scheme, None).get(id)
    if printed is not None:
        return [side.aspect("weight", WEIGHT, printed, lambda phrases: percent(printed), ("items", id, "weight"))]
    written = item.weight
    return [side.aspect("weight", WEIGHT, _ends(written), lambda phrases: weight_range(phrases, written), ("items", id, "weight"))]


def _ends(written: str) -> tuple[Fraction | None, ...]:
    """The ends of a range of weights as they are compared."""
    found = [parse_number(end) if end else None for end in written.split("..")]
    return tuple(None if isinstance(end, Problem) else end for end in found)


def _whole(side: Side, id: str, item: Item) -> Told:
    """An item told whole: its weight, then how it gets its points."""

    def told(language: Language) -> list[str]:
        phrases = side.version.phrases[language]
        weights = [aspect.words(language) for aspect in _weighed(side, id, item)]
        return [*(phrases.say(f"权重{weight}", f"weight {weight}") for weight in weights), *phrases.item(id, item)]

    return told


def _lets(side: Side, id: str, item: Item) -> Iterator[Aspect]:
    """The figures that an item keeps for itself, each with all that it says."""
    for name, body in item.let.items():
        canon = side.canon.within({"this": id, **item.given, **body.given})
        place = Place(side.version, ("items", id, "let", name), side.meanings.of_let(id, name), canon, Result())
        called = Text(name, name) if body.name is None else body.name
        yield from (_kept(aspect, name, called) for aspect in body_aspects(place, body))


def _kept(aspect: Aspect, name: str, called: Text) -> Aspect:
    """An aspect of a figure that an item keeps for itself, under that figure's name."""
    label = Text(f"“{called.zh}”的{aspect.label.zh}", f'{aspect.label.en} of "{called.en}"')
    return replace(aspect, key=f"let {name} {aspect.key}", label=label, table=aspect.table and f"{name} {aspect.table}")


# --- forms --------------------------------------------------------------------------------------


def forms(side: Side) -> Iterator[Part]:
    """The forms, and what each says of its items."""
    entries = [_form(side, id, form) for id, form in side.scheme.forms.items()]
    yield part("forms", Text("考核表", "Forms"), entries, ordered=True)
    for id, form in side.scheme.forms.items():
        called = side.text(lambda phrases, id=id: phrases.calling.form(id))  # type: ignore[misc]
        rows = [_form_item(side, id, item, entry) for item, entry in form.items.items()]
        yield part(f"form {side.renamed.id('forms', id)}", Text(f"考核表“{called.zh}”", f'Form "{called.en}"'), rows, ordered=True)


def _form(side: Side, id: str, form: Form) -> Entry:
    path = ("forms", id)
    aspects = [*side.named(form.name, path), *side.claused(form.clause, path)]
    aspects += [side.condition(form.for_, path, f"form.{id}", "for")] if form.for_ is not None else []
    if form.scaled is not None:
        aspects.append(side.formula("scaled", Text("合计再乘以", "what its sum is multiplied by"), as_typed(form.scaled), path))
    members = side.told(lambda phrases: phrases.listed(phrases.names.of("item", item) for item in form.items))
    return side.entry("forms", id, side.text(lambda phrases: phrases.calling.form(id)), path, aspects, form.clause, members)


def _form_item(side: Side, form: str, item: str, entry: FormItem) -> Entry:
    """An item on a form: its weight there, and what is read otherwise than elsewhere."""
    path, base = ("forms", form, "items", item), side.scheme.items[item]
    aspects = []
    printed = printed_weights(side.scheme, side.scheme.forms[form]).get(item)
    if entry.weight is not None and printed is not None:
        aspects.append(side.aspect("weight", WEIGHT, printed, lambda phrases: percent(printed), path))
    if entry.own is not None:
        usual = {(aspect.key, str(aspect.value)) for aspect in _read(side, path, item, base)}
        aspects += [aspect for aspect in _read(side, path, item, entry.own) if (aspect.key, str(aspect.value)) not in usual]
    return side.entry("items", item, base.name, path, aspects, base.clause)


# --- sections -----------------------------------------------------------------------------------


def sections(side: Side) -> Part:
    """How items are gathered."""
    entries = [_section(side, id, section) for id, section in side.scheme.sections.items()]
    return part("sections", Text("指标的分部", "Sections"), entries, ordered=True)


def _section(side: Side, id: str, section: Section) -> Entry:
    path = ("sections", id)
    aspects = [*side.named(section.name, path), *side.claused(section.clause, path)]
    if section.weight is not None:
        weight = section.weight
        aspects.append(side.aspect("weight", WEIGHT, _ends(weight), lambda phrases: weight_range(phrases, weight), (*path, "weight")))
    members = tuple(sorted(side.canon.ids("items", section.items)))
    aspects.append(
        side.aspect("items", Text("包含的指标", "items"), members, lambda phrases: _items_named(phrases, section), (*path, "items"))
    )
    return side.entry("sections", id, section.name, path, aspects, section.clause)


def _items_named(phrases: Phrases, section: Section) -> str:
    return phrases.listed(phrases.names.of("item", item) for item in section.items)


# --- the total ----------------------------------------------------------------------------------

WAYS = {
    "sum": Text("各项得分之和", "the sum of the items' scores"),
    "weighted sum": Text("各项得分乘以权重之和", "the sum of the items' scores times their weights"),
    "mean": Text("各项得分的平均值", "the mean of the items' scores"),
}
WEIGHTS = {
    "full": Text("照表，合计100%", "as printed, adding up to 100%"),
    "printed": Text("照表所列，不作放大", "as printed, whatever they add up to"),
    "scaled": Text("按合计放大到100%", "scaled up to 100%"),
}


def total(side: Side) -> Part:
    """How items become one figure."""
    total = side.scheme.total
    if total is None:
        return Part("total", TOTAL, {})
    way = total.is_ if total.is_ in MODES else side.canon.formula(total.is_)
    head, dot, key = total.weights.partition(".")
    weights = f"{head}{dot}{side.renamed.id('config', key)}"
    aspects = [
        side.aspect(
            "is", Text("总分的算法", "how the total comes about"), way, lambda phrases: _told_way(phrases, total.is_), ("total", "is")
        ),
        side.aspect(
            "weights",
            Text("权重的取法", "where weights come from"),
            weights,
            lambda p: _told_weights(p, total.weights),
            ("total", "weights"),
        ),
        *side.claused(total.clause, ("total",)),
        *_after(side, total),
    ]
    return Part("total", TOTAL, {"": Entry("", EMPTY, ("total",), tuple(aspects), total.clause)})


def _after(side: Side, total: Total) -> Iterator[Aspect]:
    """What follows the items' total."""
    ends = {end: as_typed(number) for end, number in (("floor", total.floor), ("cap", total.cap)) if number is not None}
    body = Body(then=total.then, round=total.round, **ends)
    place = Place(side.version, ("total",), side.meanings.of_total(), side.canon, POINTS)
    yield from (aspect for aspect in body_aspects(place, body) if aspect.key != "rule")
    if total.reported is not None:
        yield rounding(place, "reported", REPORTED, total.reported)


def _told_way(phrases: Phrases, written: str) -> str:
    return WAYS[written].tell(phrases.language) if written in WAYS else phrases.formula(written, "total")


def _told_weights(phrases: Phrases, written: str) -> str:
    if written in WEIGHTS:
        return WEIGHTS[written].tell(phrases.language)
    name = phrases.names.of("config", written.partition(".")[2])
    return phrases.say(f"由公司在“{name}”中选定", f"chosen by the company ({name})")
